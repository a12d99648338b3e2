"""Asking providers on real sockets: what was sent for certain, what was not, and what stays open."""

import ssl
from pathlib import Path

import pytest

from app.domain.channels import ErrorAction, ProviderError
from app.net.provider_client import ProviderClient, ProviderResponse
from tests.fakes.certificates import self_signed
from tests.fakes.webhook_receiver import WebhookReceiver, drip, hang


def failure(url: str) -> ProviderError:
    client = ProviderClient(allow_private=True, timeout_seconds=1)
    with pytest.raises(ProviderError) as raised:
        client.request("POST", url, body={"text": "Oi"})
    return raised.value


def test_what_no_connection_was_made_for_was_not_sent() -> None:
    with WebhookReceiver() as receiver:
        url = receiver.url()
    for closed_or_unknown in (url, "http://no-such-host.invalid/"):
        error = failure(closed_or_unknown)
        assert (error.action, error.code) == (ErrorAction.RETRY, "unreachable")


def test_what_a_certificate_stopped_was_not_sent(tmp_path: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(self_signed(tmp_path / "both.pem", "127.0.0.1"))
    with WebhookReceiver(tls=tls) as receiver:
        error = failure(receiver.url())

    assert (error.action, receiver.received) == (ErrorAction.RETRY, [])


def test_what_got_no_answer_stays_open() -> None:
    behaviours = {"/hang": hang, "/drip": drip(b"HTTP/1.1 200 OK\r\nX-A: "), "/end": lambda *_: None}
    with WebhookReceiver(behaviours) as receiver:
        for path in behaviours:
            error = failure(receiver.url(path))
            assert (error.action, error.code) == (ErrorAction.LOOK, "no_answer")
            assert len(receiver.at(path)) == 1


def test_a_download_that_hangs_ends() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
    with WebhookReceiver({"/hang": hang, "/drip": drip(head)}) as receiver:
        client = ProviderClient(allow_private=True, timeout_seconds=0.3)
        for path in ("/hang", "/drip"):
            with pytest.raises(ProviderError) as raised:
                list(client.download(receiver.url(path), {}, 10_000))
            assert (raised.value.action, raised.value.code) == (ErrorAction.LOOK, "no_answer")


def test_what_was_answered_with_bytes_that_cannot_be_unpacked_stays_open() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nno gzip!"
    with WebhookReceiver({"/": lambda _, connection: connection.sendall(head)}) as receiver:
        assert failure(receiver.url()).action is ErrorAction.LOOK


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 1_000_000])
def test_what_is_no_json_is_none(body: bytes) -> None:
    assert ProviderResponse(200, {}, body).json() is None
