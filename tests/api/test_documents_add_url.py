"""POST /documents/addUrl, and pages that are fetched again"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.api.house import BAD_IDS, Caller, House, assert_error
from tests.fakes.files import html
from tests.fakes.web_server import WebServer, redirect, reply

PATH = "/documents/addUrl"
QUESTION = "Quantos dias leva a entrega?"


def page(text: str) -> bytes:
    return reply(html(text))


@pytest.fixture
def web() -> Iterator[WebServer]:
    pages = {
        "/faq": page("# Entrega\nA entrega leva três dias."),
        "/metadata": redirect("http://169.254.169.254/latest/meta-data/"),
        "/inside": redirect("http://127.0.0.1:22/"),
        "/picture": reply(b"GIF8", "image/gif"),
        "/large": page("x " * 100_000),
    }
    with WebServer(pages) as server:
        yield server


def add(caller: Caller, assistant: dict[str, Any], url: str, **fields: Any) -> dict[str, Any]:
    response = caller.post(PATH, {"url": url, "assistant_id": assistant["_id"], **fields})
    assert response.status_code == 201, response.text
    assert response.headers["Location"].endswith(f"/documents/get/{(response.json or {})['_id']}")
    return dict(response.json or {})


def change(web: WebServer, path: str, content: bytes) -> None:
    web.pages = {**web.pages, path: content}


def refresh(house: House) -> None:
    house.services.page_refresh.run_once()


def test_a_page_becomes_a_document(ana: Caller, assistant: dict[str, Any], gateway: Caller, web: WebServer) -> None:
    document = add(ana, assistant, web.url("/faq"))

    assert (document["status"], document["url"], document["type"]) == ("ready", web.url("/faq"), "rag")
    assert (document["refresh_hours"], document["refresh_at"], document["refresh_error"]) == (None, None, None)
    assert document["filename"].endswith(".html")
    assert [one["filename"] for one in gateway.chat(QUESTION)["sources"]] == [document["filename"]]
    assert ana.get(f"/documents/download/{document['_id']}").data == html("# Entrega\nA entrega leva três dias.")


def test_the_same_page_again_replaces_what_it_was(ana: Caller, assistant: dict[str, Any], web: WebServer) -> None:
    first = add(ana, assistant, web.url("/faq"), valid_until="2030-01-01T00:00:00Z")

    second = add(ana, assistant, web.url("/faq"), refresh_hours=24)

    assert (second["_id"], second["refresh_hours"]) == (first["_id"], 24)
    assert second["valid_until"] == first["valid_until"] == "2030-01-01T00:00:00.000+00:00"


def test_a_page_is_fetched_again_when_it_is_time(
    house: House, ana: Caller, assistant: dict[str, Any], web: WebServer
) -> None:
    document = add(ana, assistant, web.url("/faq"), refresh_hours=1)
    change(web, "/faq", page("A entrega leva nove dias."))
    refresh(house)
    assert len(web.requests) == 1

    house.clock.advance(minutes=61)
    refresh(house)

    (chunk,) = ana.get(f"/documents/chunks/{document['_id']}").json or []
    assert "nove dias" in chunk["text"]
    now = ana.get(f"/documents/get/{document['_id']}").json or {}
    assert (now["status"], now["refresh_error"]) == ("ready", None)
    assert now["refresh_at"] > document["refresh_at"]


def test_a_page_that_is_gone_stays_as_it_was_and_says_why(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, web: WebServer
) -> None:
    document = add(ana, assistant, web.url("/faq"), refresh_hours=1)
    change(web, "/faq", reply(b"gone", status="404 Not Found"))

    house.clock.advance(minutes=61)
    refresh(house)

    now = ana.get(f"/documents/get/{document['_id']}").json or {}
    assert (now["status"], "404" in now["refresh_error"]) == ("ready", True)
    assert gateway.chat(QUESTION)["sources"]


def test_refreshing_can_be_set_and_ended(
    house: House, ana: Caller, assistant: dict[str, Any], web: WebServer
) -> None:
    document = add(ana, assistant, web.url("/faq"))
    update = f"/documents/update/{document['_id']}"

    set_to = ana.put(update, {"refresh_hours": 2}).json or {}

    assert set_to["refresh_hours"] == 2
    assert set_to["refresh_at"] > (house.clock() + timedelta(minutes=119)).isoformat()
    ended = ana.put(update, {"refresh_hours": None}).json or {}
    assert (ended["refresh_hours"], ended["refresh_at"]) == (None, None)
    house.clock.advance(hours=3)
    refresh(house)
    assert len(web.requests) == 1


def test_an_upload_in_its_place_is_not_fetched_any_more(
    house: House, ana: Caller, assistant: dict[str, Any], web: WebServer
) -> None:
    document = add(ana, assistant, web.url("/faq"), refresh_hours=1)

    own = ana.upload(assistant["_id"], html("A entrega leva um dia."), document["filename"])

    assert (own["_id"], own["url"], own["refresh_at"]) == (document["_id"], None, None)
    house.clock.advance(hours=3)
    refresh(house)
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/metadata", "url_refused"),
        ("/inside", "url_refused"),
        ("/picture", "page_type"),
        ("/large", "page_too_large"),
        ("/nothing", "fetch_failed"),
    ],
)
def test_a_page_that_cannot_be_had_says_why_and_leaves_nothing(
    ana: Caller, assistant: dict[str, Any], web: WebServer, path: str, code: str
) -> None:
    response = ana.post(PATH, {"url": web.url(path), "assistant_id": assistant["_id"]})

    assert_error(response, 422, code, "url")
    assert ana.ids("/documents/list") == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://localhost/",
        "http://localhost./",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://169.254.169.254/",
        "http://0.0.0.0/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://ana:senha@example.com/",
        "//example.com/",
        "example.com",
        "",
    ],
)
def test_what_is_no_public_page_is_refused(ana: Caller, assistant: dict[str, Any], url: str) -> None:
    assert_error(ana.post(PATH, {"url": url, "assistant_id": assistant["_id"]}), 422, "url_refused", "url")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"refresh_hours": 0}, "refresh_hours"),
        ({"refresh_hours": 9000}, "refresh_hours"),
        ({"refresh_hours": "24"}, "refresh_hours"),
        ({"url": 5}, "url"),
        ({"type": "rag"}, "type"),
        ({"valid_from": "soon"}, "valid_from"),
    ],
)
def test_what_cannot_be_used_is_named(
    ana: Caller, assistant: dict[str, Any], web: WebServer, fields: dict[str, Any], field: str
) -> None:
    body = {"url": web.url("/faq"), "assistant_id": assistant["_id"], **fields}

    assert_error(ana.post(PATH, body), 422, "validation_error", field)
    assert web.requests == []


def test_nothing_is_fetched_for_those_who_do_not_own_the_assistant(
    bruno: Caller, assistant: dict[str, Any], web: WebServer
) -> None:
    for one in (assistant["_id"], *BAD_IDS):
        assert_error(bruno.post(PATH, {"url": web.url("/faq"), "assistant_id": one}), 404, "not_found")
    assert web.requests == []
