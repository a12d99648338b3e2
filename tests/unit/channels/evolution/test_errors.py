"""What follows from what Evolution says went wrong."""

import json
from typing import Any

import pytest

from app.channels.evolution.errors import error_of
from app.domain.channels import ErrorAction, ProviderError
from app.net.provider_client import ProviderResponse


def said(status: int, message: Any, **headers: str) -> ProviderError:
    body = {"status": status, "error": "…", "response": {"message": message}}
    error = error_of(ProviderResponse(status, headers, json.dumps(body).encode()))
    assert error is not None
    return error


def of_body(status: int, body: bytes) -> ProviderError | None:
    return error_of(ProviderResponse(status, {}, body))


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"status":"PENDING","key":{}}', b'{"error":false}'])
def test_no_error_is_no_error(body: bytes) -> None:
    assert of_body(200, body) is None


@pytest.mark.parametrize(
    ("status", "message", "action", "code"),
    [
        (401, "Unauthorized", ErrorAction.PAUSE, "api_key_refused"),
        (403, ["Forbidden"], ErrorAction.PAUSE, "forbidden"),
        (404, ['The "loja" instance does not exist'], ErrorAction.PAUSE, "instance_missing"),
        (404, ["Cannot GET /instance/connectionState/loja"], ErrorAction.PAUSE, "not_evolution"),
        (400, [{"jid": "1@s.whatsapp.net", "exists": False, "number": "1"}], ErrorAction.FAIL, "not_on_whatsapp"),
        (400, [['instance requires property "text"']], ErrorAction.FAIL, "http_400"),
        (400, ["Error: Connection Closed"], ErrorAction.RETRY, "disconnected"),
        (500, "Connection Closed", ErrorAction.RETRY, "disconnected"),
        (400, ["Error: Timed Out"], ErrorAction.LOOK, "http_400"),
        (400, ["PrismaClientKnownRequestError: …"], ErrorAction.LOOK, "http_400"),
        (500, "Internal", ErrorAction.LOOK, "http_500"),
        (503, "Starting", ErrorAction.RETRY, "http_503"),
    ],
)
def test_what_follows(status: int, message: Any, action: ErrorAction, code: str) -> None:
    error = said(status, message)

    assert (error.action, error.code) == (action, code)
    assert error.message.endswith(".")


def test_when_to_ask_again_comes_along() -> None:
    assert said(429, "Slow down", **{"retry-after": "12"}).retry_after == 12


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (200, ErrorAction.LOOK),
        (301, ErrorAction.PAUSE),
        (403, ErrorAction.PAUSE),
        (404, ErrorAction.RETRY),
        (502, ErrorAction.LOOK),
        (503, ErrorAction.RETRY),
        (504, ErrorAction.LOOK),
    ],
)
@pytest.mark.parametrize("body", [b"<html>", b"", b'"text"'])
def test_what_is_no_evolution_is_said_to_be_none(status: int, action: ErrorAction, body: bytes) -> None:
    error = of_body(status, body)

    assert error is not None
    assert error.action is action
    assert "URL" in error.message


def test_an_error_within_a_success_is_an_error() -> None:
    error = of_body(200, b'{"error":true,"message":"Error: something broke"}')

    assert error is not None
    assert error.action is ErrorAction.LOOK


def test_no_error_has_secrets() -> None:
    body = json.dumps({"status": 400, "response": {"message": ["the key hunter2 is odd"]}}).encode()
    error = error_of(ProviderResponse(400, {}, body), ["hunter2", ""])

    assert error is not None
    assert "hunter2" not in error.message
    assert "is odd" in error.message
