"""Posting to receivers on real sockets, well- and ill-behaved ones."""

import ssl
import time
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from app.domain.errors import FetchError, SendError
from app.domain.webhooks import ReceiverAnswer
from app.net.addresses import IPAddress
from app.net.own_addresses import is_outside_or_private
from app.net.webhook_sender import WebhookSender
from tests.fakes.certificates import self_signed
from tests.fakes.webhook_receiver import WebhookReceiver, answer, drip, flood, hang

BODY = b'{"type":"document.ready"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture(scope="module")
def sender() -> WebhookSender:
    return WebhookSender(allow_private=True)


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        yield receiver


class Names:
    """A resolver that gives one answer after another."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = iter(answers)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        return next(self._answers)


def hurried(**options: object) -> WebhookSender:
    return WebhookSender(allow_private=True, timeout_seconds=1, **options)  # type: ignore[arg-type]


def test_a_body_arrives_as_it_is_with_its_headers(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    answered = sender.post(receiver.url("/hooks?a=1"), BODY, {"webhook-id": "1"})

    (request,) = receiver.received
    assert (answered, request.path, request.body) == (ReceiverAnswer(204), "/hooks?a=1", BODY)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "1"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert "cookie" not in request.headers


def test_no_redirect_is_followed(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    receiver.behaviours["/"] = answer("301 Moved Permanently", Location=receiver.url("/elsewhere"))

    assert sender.post(receiver.url(), BODY, {}) == ReceiverAnswer(301)

    assert [one.path for one in receiver.received] == ["/"]


@pytest.mark.parametrize(
    ("said", "seconds"), [("120", 120.0), ("0", 0.0), ("soon", None), ("-1", None), ("9" * 40, None)]
)
def test_it_is_told_when_the_receiver_wants_to_be_asked_again(
    sender: WebhookSender, receiver: WebhookReceiver, said: str, seconds: float | None
) -> None:
    receiver.behaviours["/"] = answer("503 Service Unavailable", Retry_After=said)

    assert sender.post(receiver.url(), BODY, {}) == ReceiverAnswer(503, seconds)


def test_a_receiver_that_hangs_or_drips_its_head_is_left_when_the_time_is_over(receiver: WebhookReceiver) -> None:
    receiver.behaviours |= {"/hang": hang, "/drip": drip(b"HTTP/1.1 200 OK\r\nX-A: ")}
    for path in ("/hang", "/drip"):
        begun = time.monotonic()
        with pytest.raises(SendError, match="in time"):
            hurried().post(receiver.url(path), BODY, {})
        assert time.monotonic() - begun < 10


def test_an_answer_counts_whatever_comes_after_its_head(receiver: WebhookReceiver) -> None:
    receiver.behaviours |= {
        "/drip": drip(HEAD + b"\r\n"),
        "/endless": flood(HEAD + b"\r\n"),
        "/short": lambda _, connection: connection.sendall(HEAD + b"Content-Length: 9\r\n\r\nab"),
    }
    for path in receiver.behaviours:
        begun = time.monotonic()
        assert hurried().post(receiver.url(path), BODY, {}) == ReceiverAnswer(200)
        assert time.monotonic() - begun < 10


def test_a_head_that_never_ends_is_cut(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    receiver.behaviours["/"] = flood(HEAD + b"X-A: ")

    with pytest.raises(SendError, match="broke off"):
        sender.post(receiver.url(), BODY, {})


def test_what_speaks_no_http_or_is_not_there_is_an_error(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    receiver.behaviours["/"] = lambda _, connection: connection.sendall(b"SSH-2.0-OpenSSH\r\n")
    for url in (receiver.url(), "http://127.0.0.1:3/"):
        with pytest.raises(SendError):
            sender.post(url, BODY, {})


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fe80::1]/",
        "https://10.1.2.3/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://localhost/",
        "http://example.com/",
        "https://example.com:25/",
        "https://user:password@example.com/",
        "ftp://example.com/",
        "javascript:alert(1)",
        "example.com",
        "https://",
        f"https://example.com/{'a' * 3000}",
    ],
)
def test_what_is_never_posted_to_is_refused_at_once_and_later(url: str) -> None:
    sender = WebhookSender()

    with pytest.raises(FetchError) as refused:
        sender.check(url)
    with pytest.raises(SendError):
        sender.post(url, BODY, {})

    assert refused.value.code == "url_refused"
    assert list(refused.value.fields) == ["url"]


def test_where_private_addresses_are_allowed_those_of_clouds_metadata_are_not(sender: WebhookSender) -> None:
    sender.check("http://127.0.0.1:9999/")
    sender.check("https://192.168.0.7/")
    for url in ("http://169.254.169.254/", "http://[fe80::1]/", "http://0.0.0.0/"):
        with pytest.raises(FetchError):
            sender.check(url)
    assert is_outside_or_private(ip_address("fd00::1"))
    assert not is_outside_or_private(ip_address("::ffff:169.254.169.254"))


def test_a_name_that_does_not_resolve_may_do_so_later() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError

    WebhookSender(resolve=unknown).check("https://hooks.example.com/")


def test_a_name_that_turns_to_an_address_inside_gains_nothing(receiver: WebhookReceiver) -> None:
    sender = WebhookSender(resolve=Names(["93.184.215.14"], ["127.0.0.1"], ["93.184.215.14", "127.0.0.1"]))
    url = receiver.url("/", "rebind.example").replace("http:", "https:")

    sender.check(url)
    for _ in range(2):
        with pytest.raises(SendError, match="public internet"):
            sender.post(url, BODY, {})

    assert receiver.received == []


def test_the_connection_goes_to_the_address_that_was_checked(receiver: WebhookReceiver) -> None:
    def only_the_receiver(address: IPAddress) -> bool:
        return str(address) == "127.0.0.1"

    sender = WebhookSender(
        allow_private=True, is_allowed=only_the_receiver, resolve=Names(["127.0.0.1"], ["127.0.0.2"])
    )

    assert sender.post(receiver.url("/", "rebind.example"), BODY, {}) == ReceiverAnswer(204)
    assert receiver.received[0].headers["host"] == f"rebind.example:{receiver.port}"


def test_the_certificate_has_to_bear_the_name(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path / "both.pem", "loja.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    sender = WebhookSender(
        is_allowed=lambda _: True,
        resolve=lambda host, port: ["127.0.0.1"],
        ssl_context=ssl.create_default_context(cafile=certificate),
    )
    with WebhookReceiver(tls=context) as receiver:
        assert sender.post(receiver.url(host="loja.example"), BODY, {}) == ReceiverAnswer(204)
        with pytest.raises(SendError, match="certificate"):
            sender.post(receiver.url(host="outra.example"), BODY, {})
