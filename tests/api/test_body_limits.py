"""How much of a body is read: asked by its headers, before the body is."""

from typing import Any

import pytest

from app.factory import Application
from tests.api.house import Caller, House

JSON_BYTES = 1024 * 1024


def limit(house: House, path: str, headers: dict[str, str], content_type: str, method: str = "POST") -> int:
    app = house.client.application
    assert isinstance(app, Application)
    with app.test_request_context(path, method=method, headers=headers, content_type=content_type) as context:
        return app.body_limit(context.request.environ)


def test_who_is_signed_in_may_send_a_file(house: House, ana: Caller) -> None:
    assert limit(house, "/documents/add", ana.headers, "multipart/form-data; boundary=x") > 25 * JSON_BYTES


def test_json_is_small(house: House, ana: Caller) -> None:
    assert limit(house, "/assistants/add", ana.headers, "application/json") == JSON_BYTES


def test_an_assistant_s_key_will_do_where_a_key_does(house: House, gateway: Caller) -> None:
    assert limit(house, "/chats/enviarMensagemLLM", gateway.headers, "application/json") == JSON_BYTES


def test_whoever_needs_no_credentials_sends_little(house: House) -> None:
    assert limit(house, "/auth/login", {}, "application/json") == JSON_BYTES


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/health", "/openapi.json", "/painel/"])
def test_whoever_needs_no_credentials_sends_no_large_form(house: House, path: str) -> None:
    method = "POST" if path.startswith("/auth/") else "GET"

    assert limit(house, path, {}, "multipart/form-data; boundary=x", method) <= JSON_BYTES


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer forged"}, {"X-API-Key": "k" * 64}])
def test_a_preflight_request_has_no_body(
    house: House, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/documents/add", "/chats/mensagemHumana", "/chats/enviarMensagemLLM"):
        assert limit(house, path, headers, "multipart/form-data; boundary=x", "OPTIONS") == 0
    assert not caplog.text


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/documents/add", {}),
        ("/documents/add", {"Authorization": "Bearer forged"}),
        ("/chats/enviarMensagemLLM", {}),
        ("/chats/enviarMensagemLLM", {"X-API-Key": "k" * 64}),
        ("/chats/mensagemHumana", {"X-API-Key": "k" * 64}),
        ("/chats/mensagemHumana", {}),
        ("/nowhere", {}),
        ("/documents/list", {}),
    ],
)
def test_without_good_credentials_nothing_is_read(house: House, path: str, headers: dict[str, str]) -> None:
    assert limit(house, path, headers, "multipart/form-data; boundary=x") == 0


def test_an_outage_is_left_to_the_request(
    house: House, ana: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(*_: Any) -> None:
        raise ConnectionError("the database is away")

    monkeypatch.setattr(house.services.people.sessions, "user", down)

    assert limit(house, "/documents/add", ana.headers, "multipart/form-data; boundary=x") > 0
    assert "could not be checked" in caplog.text


def test_a_large_body_that_is_no_form_is_too_large(ana: Caller) -> None:
    answer = ana.request("POST", "/documents/add", data=b"x" * (JSON_BYTES + 1), content_type="text/plain")

    assert answer.status_code in (413, 415)
