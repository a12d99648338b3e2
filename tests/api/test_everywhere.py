"""What section 0 of the contract promises for every route."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.api.house import UNKNOWN_ID, Caller, House, assert_error
from tests.api.routes import GUARDED, ROUTES, Needs

WITH_KEY = [(route.method, route.rule) for route in GUARDED if not route.people]
WITH_EITHER = [(route.method, route.rule) for route in GUARDED if route.people and route.keys]
OPEN = [(route.method, route.rule) for route in ROUTES if route.needs is Needs.NOTHING]
SIGNED_IN = [(route.method, route.rule) for route in GUARDED if not route.keys]
JSON_BODIES = [
    ("POST", "/auth/register"),
    ("POST", "/auth/login"),
    ("PUT", "/auth/password"),
    ("POST", "/auth/forgotPassword"),
    ("POST", "/auth/resetPassword"),
    ("PUT", "/users/update/<user_id>"),
    ("POST", "/assistants/add"),
    ("PUT", "/assistants/update/<assistant_id>"),
    ("POST", "/assistants/search/<assistant_id>"),
    ("POST", "/documents/addUrl"),
    ("PUT", "/documents/update/<document_id>"),
    ("POST", "/chats/enviarMensagemLLM"),
    ("POST", "/chats/mensagemHumana"),
]
LISTS = [
    "/assistants/list",
    "/chats/list",
    "/chats/listarAtivos",
    "/chats/listarInativos",
    "/documents/list",
    "/conversations/list",
]


def address(rule: str) -> str:
    """A rule with an id in it."""
    return re.sub("<.*>", UNKNOWN_ID, rule)


@pytest.fixture
def writer(ana: Caller, gateway: Caller, assistant: dict[str, Any]) -> Caller:
    """Somebody whom every route lets in."""
    return replace(ana, headers={**ana.headers, **gateway.headers}, id=assistant["_id"])


@pytest.mark.parametrize(("method", "rule"), [*SIGNED_IN, *WITH_EITHER])
def test_without_a_token_nothing_is_read(anyone: Caller, method: str, rule: str) -> None:
    response = anyone.request(method, address(rule), data="{broken", content_type="application/json")

    assert_error(response, 401, "unauthorized")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "rule"), [*WITH_KEY, *WITH_EITHER])
def test_with_a_wrong_key_nothing_is_read(anyone: Caller, method: str, rule: str) -> None:
    stranger = replace(anyone, headers={"X-API-Key": "x" * 64})

    response = stranger.request(method, address(rule), data="{broken", content_type="application/json")

    assert_error(response, 401, "invalid_api_key")


@pytest.mark.parametrize(("method", "rule"), WITH_KEY)
def test_without_a_key_nothing_is_read(anyone: Caller, method: str, rule: str) -> None:
    response = anyone.request(method, address(rule), data="{broken", content_type="application/json")

    assert_error(response, 401, "invalid_api_key")
    assert response.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("method", "rule"), JSON_BODIES)
@pytest.mark.parametrize(
    "body", [b"{broken", b"", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'"\x00"', b"{'a': 1}"]
)
def test_unreadable_json_is_400(writer: Caller, method: str, rule: str, body: bytes) -> None:
    path = re.sub("<.*>", writer.id, rule)

    response = writer.request(method, path, data=body, content_type="application/json")

    assert_error(response, 400, "bad_request")


@pytest.mark.parametrize(("method", "rule"), JSON_BODIES)
def test_json_that_is_no_object_is_422(writer: Caller, method: str, rule: str) -> None:
    path = re.sub("<.*>", writer.id, rule)

    for body in ([], [1], "text", 7, True, [{"name": "Loja"}]):
        response = writer.request(method, path, data=json.dumps(body), content_type="application/json")
        assert (response.status_code, (response.json or {})["code"]) == (422, "validation_error"), response.text


@pytest.mark.parametrize(("method", "rule"), JSON_BODIES)
def test_another_type_than_json_is_415(writer: Caller, method: str, rule: str) -> None:
    path = re.sub("<.*>", writer.id, rule)

    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        response = writer.request(method, path, data=b'{"name": "Loja"}', content_type=kind)
        assert_error(response, 415, "unsupported_media_type")


@pytest.mark.parametrize(("method", "rule"), JSON_BODIES)
def test_json_over_1_mb_is_413(writer: Caller, method: str, rule: str) -> None:
    path = re.sub("<.*>", writer.id, rule)
    body = json.dumps({"name": "x" * 1024 * 1024})

    response = writer.request(method, path, data=body, content_type="application/json")

    assert_error(response, 413, "payload_too_large")


@pytest.mark.parametrize(("method", "rule"), [one for one in JSON_BODIES if one not in WITH_KEY])
def test_no_name_of_a_field_does_harm(writer: Caller, method: str, rule: str) -> None:
    path = re.sub("<.*>", writer.id, rule)

    for name in ("\ud800", "\0", "$where", "x" * 5000, "a.b", "", "__proto__"):
        response = writer.request(method, path, data=json.dumps({name: 1}), content_type="application/json")
        assert (response.status_code, (response.json or {})["code"]) == (422, "validation_error"), response.text


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/assistants", "/assistants/get", "//health", "/health/", "/%00"]
)
def test_an_unknown_address_is_404(anyone: Caller, path: str) -> None:
    response = anyone.client.open(path, method="GET")

    assert_error(response, 404, "not_found")


@pytest.mark.parametrize(
    ("method", "rule"), [("PATCH", rule) for _, rule in (*SIGNED_IN, *WITH_KEY, *WITH_EITHER, *OPEN)]
)
def test_another_method_is_405(ana: Caller, method: str, rule: str) -> None:
    response = ana.request(method, address(rule))

    assert_error(response, 405, "method_not_allowed")
    assert "OPTIONS" in response.headers["Allow"]


def test_our_own_failures_are_500_and_tell_nothing(house: House, gateway: Caller) -> None:
    house.model.answers.append(RuntimeError("the secret is 42"))

    response = gateway.say("Oi")

    assert_error(response, 500, "internal_error")
    assert "42" not in response.text
    assert response.headers["X-Request-ID"]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_names_what_it_cannot_use(ana: Caller, path: str) -> None:
    for query in ("limit=0", "limit=501", "limit=x", "cursor=x", "unknown=1"):
        assert_error(ana.get(f"{path}?{query}"), 422, "validation_error", query.partition("=")[0])


@pytest.mark.parametrize("path", LISTS[1:])
def test_a_list_cannot_be_narrowed_to_an_assistant_that_is_none(ana: Caller, path: str) -> None:
    for value in (UNKNOWN_ID, "x", "", "%00", "%ff"):
        assert_error(ana.get(f"{path}?assistant_id={value}"), 422, "validation_error", "assistant_id")


@pytest.mark.parametrize("path", LISTS[1:])
def test_a_list_cannot_be_narrowed_to_what_others_own(bruno: Caller, assistant: dict[str, Any], path: str) -> None:
    foreign = bruno.get(f"{path}?assistant_id={assistant['_id']}")
    unknown = bruno.get(f"{path}?assistant_id={UNKNOWN_ID}")

    assert_error(foreign, 422, "validation_error", "assistant_id")
    assert foreign.data == unknown.data
