"""Telegram as a channel, against a server that is as strict as the real one."""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from app.channels.telegram.adapter import Telegram
from app.domain.channels import (
    AssistantChannel,
    ChannelKind,
    ErrorAction,
    EventKind,
    MediaKind,
    MediaReference,
    OutgoingPart,
    ProviderError,
    WebhookRequest,
    WrongSignatureError,
)
from app.domain.ids import new_id
from app.logs import configure_logs
from app.net.provider_client import ProviderClient
from app.services.ports.channels import ChannelAdapter, ChannelSetup
from tests.fakes.telegram_server import (
    TOKEN,
    Fault,
    TelegramServer,
    answer_with,
    refuse,
    take_and_answer,
    take_and_hang,
    take_and_hang_up,
)

REVOKED = "123456789:AAErevoked_Token_of_tests_0123456789a"
SECRET = "s3cret_of_the-webhook"
CHAT = 42
URL = "https://bot.example.com/webhooks/w3bh00k"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(chats={CHAT}) as server:
        yield server


@pytest.fixture
def telegram() -> Telegram:
    return adapter()


def adapter(**options: float) -> Telegram:
    """How the channel's provider is spoken to, with options of the client."""
    return Telegram(ProviderClient(allow_private=True, **options))  # type: ignore[arg-type]


@pytest.fixture
def channel(server: TelegramServer) -> AssistantChannel:
    options = {"base_url": server.url}
    secrets = {"bot_token": TOKEN, "webhook_secret": SECRET}
    kind = ChannelKind.TELEGRAM
    return AssistantChannel(new_id(), new_id(), new_id(), kind, "Bot", "w3bh00k", NOW, options, secrets)


@pytest.fixture
def unchanged_logs() -> Iterator[None]:
    """The logging is after the test what it was before."""
    root, ours = logging.getLogger(), logging.getLogger("app")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def part(text: str = "Olá!", recipient: str = str(CHAT)) -> OutgoingPart:
    return OutgoingPart(new_id(), recipient, text)


def error_of(call: Callable[[], object]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call()
    return caught.value


def test_it_is_an_adapter_that_sets_itself_up(telegram: Telegram) -> None:
    as_adapter: ChannelAdapter = telegram
    as_setup: ChannelSetup = telegram

    assert (as_adapter.longest_text, as_adapter.window_hours) == (4096, None)
    assert as_setup


def test_a_text_is_sent_as_it_is(server: TelegramServer, telegram: Telegram, channel: AssistantChannel) -> None:
    text = "*Oi* _você_ [a](b) <b>1 & 2</b> `x` 👋"

    remote_id = telegram.send(channel, part(text))

    (sent,) = server.sent
    assert (sent["chat"]["id"], sent["text"]) == (CHAT, text)
    assert remote_id == f"{CHAT}:{sent['message_id']}"
    assert set(server.calls[0].parameters) == {"chat_id", "text"}


def test_a_sign_shows_that_somebody_writes(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    telegram.typing(channel, str(CHAT), f"{CHAT}:7")
    telegram.typing(channel, "nobody", "x")

    assert [(call.method, call.parameters) for call in server.calls] == [
        ("sendChatAction", {"chat_id": CHAT, "action": "typing"})
    ]


def test_the_longest_text_is_taken(server: TelegramServer, telegram: Telegram, channel: AssistantChannel) -> None:
    telegram.send(channel, part("é" * telegram.longest_text))

    assert len(server.sent) == 1
    assert error_of(lambda: telegram.send(channel, part("é" * 4097))).action is ErrorAction.FAIL


@pytest.mark.parametrize("recipient", ["", "maria", "@maria", "42:7", "4" * 30, "٤٢"])
def test_who_is_no_chat_is_not_written_to(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel, recipient: str
) -> None:
    error = error_of(lambda: telegram.send(channel, part(recipient=recipient)))

    assert (error.action, error.code, server.calls) == (ErrorAction.FAIL, "no_chat", [])


def test_who_never_wrote_or_has_blocked_the_bot_gets_nothing(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    server.blocked.add(43)

    stranger, blocked = (
        error_of(partial(telegram.send, channel, part(recipient=recipient))) for recipient in ("99", "43")
    )

    assert (stranger.action, stranger.code) == (ErrorAction.FAIL, "400")
    assert "no such chat" in stranger.message
    assert (blocked.action, blocked.code) == (ErrorAction.FAIL, "403")
    assert "blocked" in blocked.message


@pytest.mark.parametrize(
    ("fault", "action", "code", "taken"),
    [
        (refuse(429, "Too Many Requests: retry after 7", retry_after=7), ErrorAction.RETRY, "429", 0),
        (refuse(500, "Internal Server Error"), ErrorAction.RETRY, "500", 0),
        (answer_with(502, b"<html>502 Bad Gateway</html>"), ErrorAction.RETRY, "http_502", 0),
        (answer_with(302, b"", Location="https://example.com"), ErrorAction.RETRY, "http_302", 0),
        (take_and_answer(200, b"<html>OK</html>"), ErrorAction.LOOK, "odd_answer", 1),
        (take_and_answer(200, b""), ErrorAction.LOOK, "odd_answer", 1),
        (take_and_answer(200, b'{"ok": true, "result": true}'), ErrorAction.LOOK, "odd_answer", 1),
        (take_and_hang_up, ErrorAction.LOOK, "no_answer", 1),
    ],
)
def test_what_follows_from_a_fault(
    server: TelegramServer,
    telegram: Telegram,
    channel: AssistantChannel,
    fault: Fault,
    action: ErrorAction,
    code: str,
    taken: int,
) -> None:
    server.faults.append(fault)

    error = error_of(lambda: telegram.send(channel, part()))

    assert (error.action, error.code, len(server.sent)) == (action, code, taken)
    assert TOKEN not in str(error) + repr(error.__cause__) + repr(error.__context__)
    telegram.send(channel, part())
    assert len(server.sent) == taken + 1


def test_it_is_told_when_to_ask_again(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    server.faults.append(refuse(429, "Too Many Requests: retry after 7", retry_after=7))

    assert error_of(lambda: telegram.send(channel, part())).retry_after == 7


def test_no_answer_leaves_it_open(server: TelegramServer, channel: AssistantChannel) -> None:
    server.faults.append(take_and_hang)

    error = error_of(lambda: adapter(timeout_seconds=0.5).send(channel, part()))

    assert (error.action, len(server.sent)) == (ErrorAction.LOOK, 1)


def test_a_server_that_is_down_may_be_asked_again(telegram: Telegram, channel: AssistantChannel) -> None:
    with TelegramServer() as server:
        gone = replace(channel, options={"base_url": server.url})

    assert error_of(lambda: telegram.send(gone, part())).action is ErrorAction.RETRY


@pytest.mark.parametrize(
    "token", ["123456789:AAErevoked_Token_of_tests_0123456789a", "", "no token", f"{TOKEN}/../x"]
)
def test_a_wrong_token_pauses_the_channel_and_is_not_told(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel, token: str
) -> None:
    wrong = replace(channel, secrets={**channel.secrets, "bot_token": token})

    error = error_of(lambda: telegram.send(wrong, part()))

    assert error.action is ErrorAction.PAUSE
    assert "@BotFather" in error.message
    assert not token or token not in str(error)
    assert server.calls == []


@pytest.mark.usefixtures("unchanged_logs")
@pytest.mark.parametrize(
    "fault", [None, refuse(500), answer_with(502, b"x"), take_and_hang_up, answer_with(302, b"", Location="/x")]
)
def test_the_token_is_in_no_log(
    server: TelegramServer,
    telegram: Telegram,
    channel: AssistantChannel,
    capsys: pytest.CaptureFixture[str],
    fault: Fault | None,
) -> None:
    configure_logs("DEBUG", "text")
    server.faults.extend([fault] if fault else [])

    try:
        telegram.send(channel, part())
    except ProviderError:
        logging.getLogger("app").exception("A part could not be sent")

    assert server.paths == [f"/bot{TOKEN}/sendMessage"]
    assert TOKEN.partition(":")[2] not in capsys.readouterr().err


def test_an_update_with_the_secret_is_telegram_s(telegram: Telegram, channel: AssistantChannel) -> None:
    request = WebhookRequest("POST", {"x-telegram-bot-api-secret-token": SECRET}, {}, b"{}")

    assert telegram.verify(channel, request) == ""


@pytest.mark.parametrize("told", [None, "", "wrong", f"{SECRET}x", SECRET[:-1], SECRET.upper(), "é\ud83d"])
def test_an_update_without_the_secret_is_not(
    telegram: Telegram, channel: AssistantChannel, told: str | None
) -> None:
    headers = {} if told is None else {"x-telegram-bot-api-secret-token": told}

    with pytest.raises(WrongSignatureError):
        telegram.verify(channel, WebhookRequest("POST", headers, {}, b"{}"))


def test_a_channel_without_a_secret_takes_nothing(telegram: Telegram, channel: AssistantChannel) -> None:
    request = WebhookRequest("POST", {"x-telegram-bot-api-secret-token": ""}, {}, b"{}")

    with pytest.raises(WrongSignatureError):
        telegram.verify(replace(channel, secrets={}), request)


def test_an_update_is_stored_as_it_came_and_parsed(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    message = server.message(CHAT, "Oi")
    bodies = [json.dumps(one).encode() for one in (message, server.edit(message, "Oi!"))]

    said, edited = (event for body in bodies for event in telegram.parse(channel, telegram.redacted(body)))

    assert (said.kind, said.text, said.contact, said.name) == (EventKind.MESSAGE, "Oi", str(CHAT), "Maria Silva")
    assert (edited.kind, edited.text, edited.target_id) == (EventKind.EDIT, "Oi!", said.remote_id)
    with pytest.raises(ValueError, match=r"."):
        telegram.redacted(b"<html>")


def test_a_reply_goes_to_the_contact_of_the_event(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    (event,) = telegram.parse(channel, json.dumps(server.message(77, "Oi")).encode())

    telegram.send(channel, part("Olá", event.contact))

    assert server.sent[0]["chat"]["id"] == 77


def test_a_file_is_fetched_by_its_id(server: TelegramServer, telegram: Telegram, channel: AssistantChannel) -> None:
    server.files["v1"] = ("voice/file é 1.oga", b"OggS" * 10_000)

    content = b"".join(telegram.fetch_media(channel, MediaReference(MediaKind.VOICE, "v1")))

    assert content == b"OggS" * 10_000


def test_a_file_may_be_too_large_or_unknown(server: TelegramServer, channel: AssistantChannel) -> None:
    server.files = {"small": ("a", b"x" * 11), "huge": ("b", b"x" * (20 * 1024 * 1024 + 1)), "odd": ("../b", b"x")}
    telegram = Telegram(ProviderClient(allow_private=True), most_media_bytes=10)

    def fetched(media: MediaReference) -> list[bytes]:
        return list(telegram.fetch_media(channel, media))

    errors = {
        name: error_of(partial(fetched, MediaReference(MediaKind.IMAGE, name)))
        for name in ("small", "huge", "odd", "unknown")
    }

    assert {name: (error.action, error.code) for name, error in errors.items()} == {
        "small": (ErrorAction.FAIL, "too_large"),
        "huge": (ErrorAction.FAIL, "400"),
        "odd": (ErrorAction.FAIL, "no_file"),
        "unknown": (ErrorAction.FAIL, "400"),
    }
    assert not any(TOKEN in str(error) for error in errors.values())


def test_it_sets_its_webhook_and_is_healthy_then(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    for _ in range(2):
        telegram.connect(channel, URL)

    assert server.webhook == {
        "url": URL,
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message"],
    }
    assert [(check.name, check.ok) for check in telegram.health(channel)] == [
        ("token", True),
        ("webhook", True),
        ("deliveries", True),
    ]


@pytest.mark.parametrize("url", ["http://bot.example.com/w", "https://bot.example.com:8080/w"])
def test_an_address_that_telegram_does_not_take_is_told(
    telegram: Telegram, channel: AssistantChannel, url: str
) -> None:
    error = error_of(lambda: telegram.connect(channel, url))

    assert error.action is ErrorAction.PAUSE
    assert "bad webhook" in error.message


def wrong_checks(telegram: Telegram, channel: AssistantChannel) -> dict[str, str]:
    checks = telegram.health(channel)
    assert [check.name for check in checks] == ["token", "webhook", "deliveries"]
    assert all(check.ok or (check.cause and check.remedy) for check in checks)
    return {check.name: str(check.cause) for check in checks if not check.ok}


def test_it_takes_its_own_webhook_away_and_no_other(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    telegram.connect(channel, "https://example.com/webhooks/w3bh00k")
    telegram.disconnect(channel)
    assert server.webhook == {}

    telegram.connect(channel, "https://example.com/elsewhere")
    telegram.disconnect(channel)
    assert server.webhook["url"] == "https://example.com/elsewhere"


def test_a_bot_without_a_webhook_or_with_another_s_is_not_healthy(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    assert "no webhook" in wrong_checks(telegram, channel)["webhook"]

    server.webhook = {"url": "https://elsewhere.example.com/hook"}
    assert "another URL" in wrong_checks(telegram, channel)["webhook"]

    server.webhook = {"url": URL, "allowed_updates": ["callback_query"]}
    assert "not asked" in wrong_checks(telegram, channel)["webhook"]


def test_failed_deliveries_are_told_while_they_matter(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    telegram.connect(channel, URL)
    words = "Wrong response from the webhook: 503 Service Unavailable"

    server.last_error = (int(time.time()) - 60, words)
    assert words in wrong_checks(telegram, channel)["deliveries"]

    server.last_error = (int(time.time()) - 86_400, words)
    assert wrong_checks(telegram, channel) == {}

    server.pending = [server.message(CHAT, "Oi")]
    assert "1 updates are waiting" in wrong_checks(telegram, channel)["deliveries"]

    server.last_error, server.pending = None, [server.message(CHAT, "Oi")] * 100
    assert "100 updates are waiting" in wrong_checks(telegram, channel)["deliveries"]


def test_a_webhook_is_set_anew_only_where_that_helps(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    def tries_after(said: str) -> int:
        server.last_error = (int(time.time()) - 60, f"Wrong response from the webhook: {said}")
        server.calls.clear()
        telegram.connect(channel, URL)
        return [call.method for call in server.calls].count("setWebhook")

    telegram.connect(channel, URL)

    assert tries_after("502 Bad Gateway") == 0
    assert "502" in wrong_checks(telegram, channel)["deliveries"]
    assert tries_after("401 Unauthorized") == 1
    server.webhook["allowed_updates"] = ["message"]
    assert tries_after("502 Bad Gateway") == 1


def test_a_revoked_token_hides_no_point(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    server.token = "123456789:AAEanother_Token_of_tests_0123456789a"

    wrong = wrong_checks(telegram, channel)

    assert set(wrong) == {"token", "webhook", "deliveries"}
    assert TOKEN not in str(wrong)


def test_a_fault_at_the_second_question_leaves_the_first_answer(
    server: TelegramServer, telegram: Telegram, channel: AssistantChannel
) -> None:
    ask_on: Fault = lambda _, handler, do: handler.answer(*do())  # noqa: E731
    server.faults.extend([ask_on, refuse(500)])

    assert set(wrong_checks(telegram, channel)) == {"webhook", "deliveries"}
