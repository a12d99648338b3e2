"""The table of Meta's errors."""

import json
from typing import Any

import pytest

from app.channels.whatsapp_cloud.errors import error_in, error_of
from app.domain.channels import ErrorAction
from app.net.provider_client import ProviderResponse

ACTIONS = {
    ErrorAction.RETRY: (2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004, 135000),
    ErrorAction.HOLD: (131047,),
    ErrorAction.PAUSE: (
        *(0, 3, 10, 33, 102, 190, 200, 250, 299, 368, 2200, 130497, 131005, 131031, 131037, 131042),
        *(131045, 131048, 133010),
    ),
    ErrorAction.FAIL: (
        *(100, 300, 130472, 131008, 131009, 131021, 131026, 131030, 131049, 131050, 131051, 131052, 131053),
        *(131062, 132000, 132001, 132068, 137000),
    ),
}


def response(status: int, content: Any, **headers: str) -> ProviderResponse:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return ProviderResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    ("action", "code"), [(action, code) for action, codes in ACTIONS.items() for code in codes]
)
def test_every_code_has_its_action(action: ErrorAction, code: int) -> None:
    error = error_of({"code": code})

    assert (error.action, error.code) == (action, str(code))
    assert error.message.endswith(f"(error {code})")


def test_only_the_pair_rate_says_when_to_come_back() -> None:
    assert error_of({"code": 131056}).retry_after == 6
    assert error_of({"code": 131056}, 3).retry_after == 3
    assert error_of({"code": 130429}).retry_after is None


def test_an_id_that_the_token_cannot_see_pauses_the_channel() -> None:
    assert error_of({"code": 100, "error_subcode": 33}).action is ErrorAction.PAUSE


@pytest.mark.parametrize(
    ("more", "action"), [({"is_transient": True}, "retry"), ({"is_transient": "yes"}, "fail"), ({}, "fail")]
)
def test_of_an_unknown_code_meta_says_whether_it_passes(more: dict[str, Any], action: str) -> None:
    assert error_of({"code": 987654, **more}).action == action


@pytest.mark.parametrize("code", [None, "190", True, [], 1.5])
def test_a_code_that_is_no_number_is_unknown(code: Any) -> None:
    error = error_of({"code": code})

    assert (error.action, error.code) == (ErrorAction.FAIL, "unknown")


def test_metas_words_are_shown_where_they_help_without_tokens() -> None:
    told = {"details": f"Parameter text.body is bad; token EAA{'x' * 60}"}
    error = error_of({"code": 100, "message": f"EAA{'y' * 60}", "error_data": told})

    assert "Parameter text.body is bad; token …" in error.message
    assert "xxx" not in error.message
    assert "yyy" not in error.message


def test_a_refused_token_is_not_repeated() -> None:
    told = {"code": 190, "message": "Malformed access token EAAabc", "error_data": {"details": "EAAabc"}}

    assert "EAAabc" not in error_of(told).message


def test_metas_words_are_not_shown_without_end() -> None:
    assert len(error_of({"code": 100, "error_data": {"details": "a b " * 10_000}}).message) < 500


def test_what_went_well_is_no_error() -> None:
    assert error_in(response(200, {"messages": [{"id": "wamid.1"}]})) is None


@pytest.mark.parametrize(
    ("answer", "action", "code"),
    [
        (response(200, {"error": {"code": 190}}), ErrorAction.PAUSE, "190"),
        (response(500, {"error": {"code": 1}}), ErrorAction.RETRY, "1"),
        (response(400, {"error": {"code": 1}}), ErrorAction.FAIL, "1"),
        (response(500, {"error": {"code": 131047}}), ErrorAction.HOLD, "131047"),
        (response(200, b"<html>"), ErrorAction.LOOK, "odd_answer"),
        (response(204, b""), ErrorAction.LOOK, "odd_answer"),
        (response(202, {}), ErrorAction.LOOK, "odd_answer"),
        (response(200, {"error": "a text"}), None, ""),
        (response(502, b"<html>"), ErrorAction.LOOK, "http_502"),
        (response(503, b"<html>", retry_after="30"), ErrorAction.RETRY, "http_503"),
        (response(429, b""), ErrorAction.RETRY, "http_429"),
        (response(401, b"Unauthorized"), ErrorAction.PAUSE, "http_401"),
        (response(403, {"meta": {"success": False}}), ErrorAction.PAUSE, "http_403"),
        (response(404, b"nginx"), ErrorAction.PAUSE, "http_404"),
        (response(302, b""), ErrorAction.PAUSE, "http_302"),
    ],
)
def test_every_answer_means_something(answer: ProviderResponse, action: ErrorAction | None, code: str) -> None:
    error = error_in(answer)

    assert (error and error.action, error.code if error else "") == (action, code)


def test_the_header_says_when_to_come_back() -> None:
    error = error_in(response(503, b"", retry_after="30"))

    assert error is not None
    assert error.retry_after == 30
