"""The table of Telegram's errors."""

import json
from typing import Any

import pytest

from app.channels.telegram.errors import error_in
from app.domain.channels import ErrorAction, ProviderError
from app.net.provider_client import ProviderResponse

TOKEN = "123456789:AAEfake-Token_of_tests_0123456789ab"


def error_of(status: int, body: Any, **headers: str) -> ProviderError | None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = ProviderResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)
    return error_in(response, response.json(), TOKEN)


def told(code: int, description: str = "Error", **parameters: Any) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description, "parameters": parameters}


@pytest.mark.parametrize(
    ("code", "description", "action", "words"),
    [
        (401, "Unauthorized", ErrorAction.PAUSE, "@BotFather"),
        (404, "Not Found", ErrorAction.PAUSE, "@BotFather"),
        (403, "Forbidden: bot was blocked by the user", ErrorAction.FAIL, "blocked"),
        (403, "Forbidden: user is deactivated", ErrorAction.FAIL, "deleted their account"),
        (400, "Bad Request: chat not found", ErrorAction.FAIL, "no such chat"),
        (400, "Bad Request: message is too long", ErrorAction.FAIL, "message is too long"),
        (413, "Request Entity Too Large", ErrorAction.FAIL, "refused"),
        (429, "Too Many Requests: retry after 7", ErrorAction.RETRY, "no more messages"),
        (500, "Internal Server Error", ErrorAction.RETRY, "trouble"),
        (502, "Bad Gateway", ErrorAction.RETRY, "trouble"),
    ],
)
def test_what_follows_from_an_error(code: int, description: str, action: ErrorAction, words: str) -> None:
    error = error_of(code, told(code, description))

    assert error is not None
    assert (error.action, error.code) == (action, str(code))
    assert words in error.message


def test_an_error_inside_a_200_is_one() -> None:
    error = error_of(200, told(403))

    assert error is not None
    assert error.action is ErrorAction.FAIL


@pytest.mark.parametrize(
    ("parameters", "headers", "seconds"),
    [
        ({"retry_after": 7}, {}, 7),
        ({"retry_after": 7}, {"retry_after": "9"}, 7),
        ({}, {"retry_after": "9"}, 9),
        ({"retry_after": "7"}, {}, None),
        ({"retry_after": -1}, {}, None),
        ({"retry_after": True}, {}, None),
    ],
)
def test_when_to_ask_again(parameters: dict[str, Any], headers: dict[str, str], seconds: float | None) -> None:
    error = error_of(429, told(429, **parameters), **headers)

    assert error is not None
    assert error.retry_after == seconds


@pytest.mark.parametrize("body", [b"<html>Bad Gateway</html>", b"", b"[]", b"null", b'{"a": 1}', b'{"ok": "no"}'])
def test_what_is_not_the_api_s_answer(body: bytes) -> None:
    actions = {status: error_of(status, body) for status in (200, 302, 401, 404, 502, 503)}

    assert {status: error and error.action for status, error in actions.items()} == {
        200: ErrorAction.LOOK,
        302: ErrorAction.RETRY,
        401: ErrorAction.PAUSE,
        404: ErrorAction.PAUSE,
        502: ErrorAction.RETRY,
        503: ErrorAction.RETRY,
    }


def test_a_result_is_no_error() -> None:
    assert error_of(200, {"ok": True, "result": True}) is None


def test_a_yes_without_a_result_leaves_it_open() -> None:
    error = error_of(200, {"ok": True})

    assert error is not None
    assert error.action is ErrorAction.LOOK


@pytest.mark.parametrize(
    "odd", [{"ok": False}, {"ok": False, "error_code": "400", "description": 7, "parameters": []}]
)
def test_an_odd_error_counts_by_its_status(odd: dict[str, Any]) -> None:
    error = error_of(400, {"ok": False, **odd})

    assert error is not None
    assert (error.action, error.code) == (ErrorAction.FAIL, "400")


def test_the_token_is_in_no_message() -> None:
    error = error_of(400, told(400, f"Bad Request: https://api.telegram.org/bot{TOKEN}/x\x00\n" + "x" * 10_000))

    assert error is not None
    assert TOKEN not in error.message
    assert len(error.message) < 300
