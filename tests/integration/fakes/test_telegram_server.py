"""The fake of Telegram's Bot API is as strict as the real one."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.telegram_server import TOKEN, TelegramServer
from tests.fakes.webhook_receiver import WebhookReceiver, answer

CHAT = 42


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(chats={CHAT}, blocked={43}, https_only=False) as server:
        yield server


def call(server: TelegramServer, method: str, parameters: Any, token: str = TOKEN) -> dict[str, Any]:
    """What the API answers."""
    headers = {"Content-Type": "application/json"}
    url = f"{server.url}/bot{token}/{method}"
    request = urllib.request.Request(url, json.dumps(parameters).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as error:
        return {**json.load(error), "status": error.code}


@pytest.mark.parametrize(
    ("method", "parameters", "description"),
    [
        ("sendMessage", {"text": "Oi"}, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": CHAT, "text": " "}, "Bad Request: message text is empty"),
        ("sendMessage", {"chat_id": CHAT, "text": "x" * 4097}, "Bad Request: message is too long"),
        ("sendMessage", {"chat_id": 99, "text": "Oi"}, "Bad Request: chat not found"),
        ("sendMessage", {"chat_id": 43, "text": "Oi"}, "Forbidden: bot was blocked by the user"),
        (
            "sendMessage",
            {"chat_id": CHAT, "text": "2 * 3", "parse_mode": "Markdown"},
            "Bad Request: can't parse entities: Can't find end of the entity",
        ),
        ("getFile", {"file_id": "x"}, "Bad Request: invalid file_id"),
        (
            "setWebhook",
            {"url": "https://a/b", "secret_token": "a b"},
            "Bad Request: secret token contains unallowed characters",
        ),
        (
            "setWebhook",
            {"url": "https://a/b", "allowed_updates": "message"},
            "Bad Request: can't parse allowed updates JSON object",
        ),
        ("sendMesage", {}, "Not Found: method not found"),
    ],
)
def test_what_the_api_refuses(
    server: TelegramServer, method: str, parameters: dict[str, Any], description: str
) -> None:
    told = call(server, method, parameters)

    assert (told["ok"], told["description"], server.sent, server.webhook) == (False, description, [], {})
    assert told["status"] == told["error_code"]


def test_tokens_are_checked(server: TelegramServer) -> None:
    assert call(server, "getMe", {})["result"]["username"] == "loja_bot"
    assert call(server, "getMe", {}, "123:other")["error_code"] == 401
    assert call(server, "getMe", {}, "no-token")["error_code"] == 404


def test_an_update_is_delivered_with_the_secret_until_it_is_taken(server: TelegramServer) -> None:
    with WebhookReceiver() as receiver:
        call(server, "setWebhook", {"url": receiver.url("/w"), "secret_token": "s3cret"})
        update = server.message(CHAT, "Oi")

        receiver.behaviours["/w"] = answer("503 Service Unavailable")
        assert server.deliver(update) == 503
        failed = call(server, "getWebhookInfo", {})["result"]
        assert (failed["pending_update_count"], "503" in failed["last_error_message"]) == (1, True)

        receiver.behaviours["/w"] = answer("200 OK")
        assert server.deliver(update) == 200
        assert call(server, "getWebhookInfo", {})["result"]["pending_update_count"] == 0

    assert [one.headers["x-telegram-bot-api-secret-token"] for one in receiver.received] == ["s3cret"] * 2
    assert [one.event for one in receiver.received] == [update] * 2
