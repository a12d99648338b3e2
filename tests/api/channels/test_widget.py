"""The widget's routes, as a visitor's page uses them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.channels.conftest import until
from tests.api.house import Caller, House, assert_error

SITE = "https://www.loja.example"


@dataclass
class Page:
    """A page with the widget; `token` is that of the visitor's session."""

    caller: Caller
    key: str
    origin: str | None = SITE
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, body: Any = None) -> TestResponse:
        headers = {**self.headers, **({"Origin": self.origin} if self.origin is not None else {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        options = {"json": body} if body is not None else {}
        return self.caller.request(method, f"/widget/{self.key}{path}", headers=headers, **options)

    def opened(self) -> "Page":
        """The same page with a session."""
        response = self.request("POST", "/sessions", {})
        assert response.status_code == 201, response.text
        return replace(self, token=(response.json or {})["token"])

    def write(self, text: Any, message_id: str = "message-1") -> TestResponse:
        return self.request("POST", "/messages", {"id": message_id, "text": text})

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        response = self.request("GET", f"/messages?after={after}")
        assert response.status_code == 200, response.text
        return list((response.json or {})["messages"])

    def texts(self) -> list[tuple[str, str]]:
        return [(one["by"], one["text"]) for one in self.messages()]


@pytest.fixture
def channel(ana: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    body = {
        "assistant_id": assistant["_id"],
        "kind": "web",
        "name": "Site",
        "origins": [SITE, "HTTP://localhost:80/"],
    }
    response = ana.post("/channels/add", body)
    assert response.status_code == 201, response.text
    return dict(response.json or {})


@pytest.fixture
def page(house: House, channel: dict[str, Any]) -> Page:
    return Page(house.anyone(), key_of(channel))


def key_of(channel: dict[str, Any]) -> str:
    return str(channel["script"]).split('data-channel="')[1].split('"')[0]


def test_a_channel_shows_what_to_paste(ana: Caller, channel: dict[str, Any], house: House) -> None:
    assert channel["script"] == (
        f'<script src="http://localhost/widget.js" data-channel="{key_of(channel)}" async></script>'
    )
    assert channel["webhook_url"] is None
    assert channel["options"] == {
        "origins": f"{SITE}\nhttp://localhost",
        "title": "Atendimento",
        "greeting": "Olá! Como podemos ajudar?",
    }
    again = ana.put(
        f"/channels/update/{channel['_id']}", {"origins": channel["options"]["origins"], "title": "Loja"}
    )
    assert (again.json or {})["options"] == channel["options"] | {"title": "Loja"}
    assert house.anyone().get(f"/webhooks/{key_of(channel)}").status_code == 401


@pytest.mark.parametrize(
    "origins", ["*", "null", f"{SITE}/loja", "https://*.loja.example", "ftp://loja.example", "x"]
)
def test_what_is_no_origin_is_refused(ana: Caller, assistant: dict[str, Any], origins: str) -> None:
    body = {"assistant_id": assistant["_id"], "kind": "web", "name": "Site", "origins": origins}

    assert_error(ana.post("/channels/add", body), 422, "validation_error", "origins")


def test_a_visitor_is_answered(ana: Caller, page: Page, channel: dict[str, Any]) -> None:
    assert page.request("GET", "/config").json == {
        "title": "Atendimento",
        "greeting": "Olá! Como podemos ajudar?",
        "most_characters": 4096,
    }
    visitor = page.opened()

    assert visitor.write("Qual é o prazo?").status_code == 202
    until(lambda: len(visitor.messages()) == 2)

    question, answer = visitor.messages()
    assert (question["number"], question["by"], question["id"]) == (1, "visitor", "message-1")
    assert (answer["number"], answer["by"]) == (2, "business")
    (chat,) = chats(ana, channel)
    assert (chat["message"], chat["response"]) == ("Qual é o prazo?", answer["text"])
    assert chat["channel"]["message_service"] == "Web"
    assert visitor.messages(after=1) == [answer]
    assert visitor.messages(after=2) == visitor.messages(after=9) == []


def test_how_far_an_answer_is_the_page_tells(ana: Caller, page: Page, channel: dict[str, Any]) -> None:
    visitor = page.opened()
    visitor.write("Qual é o prazo?")
    until(lambda: delivery(ana, channel) == "accepted")

    told = visitor.request("POST", "/seen", {"delivered": 2, "read": 0})
    assert told.json == {"delivered": 2, "read": 0}
    until(lambda: delivery(ana, channel) == "delivered")
    told = visitor.request("POST", "/seen", {"delivered": 99, "read": 99})
    assert told.json == {"delivered": 2, "read": 2}
    until(lambda: delivery(ana, channel) == "read")
    told = visitor.request("POST", "/seen", {"delivered": 1, "read": 0})
    assert told.json == {"delivered": 2, "read": 2}


def test_a_repeated_message_is_taken_in_once(ana: Caller, page: Page, channel: dict[str, Any]) -> None:
    visitor = page.opened()

    assert [visitor.write("Oi").status_code for _ in range(3)] == [202] * 3
    until(lambda: len(visitor.messages()) == 2)

    assert len(chats(ana, channel)) == 1
    assert len(visitor.messages()) == 2


def test_what_a_person_writes_shows_up(ana: Caller, page: Page, channel: dict[str, Any]) -> None:
    visitor = page.opened()
    visitor.write("Quero falar com alguém")
    until(lambda: len(visitor.messages()) == 2)
    (chat,) = chats(ana, channel)
    body = {"id": chat["channel"]["id"], "message_service": "Web", "message": "Aqui é a Ana."}

    written = ana.post(f"/chats/mensagemHumana?assistant_id={channel['assistant_id']}", body)

    assert written.status_code == 201, written.text

    until(lambda: ("business", "Aqui é a Ana.") in visitor.texts())


def test_a_visitor_reads_nobody_else_s_conversation(
    ana: Caller, page: Page, channel: dict[str, Any], house: House
) -> None:
    one, other = page.opened(), page.opened()
    one.write("É segredo")

    assert other.messages() == []
    for token in ("", "x", "x" * 43, one.token[:-1]):
        response = replace(page, token=token).request("GET", "/messages")
        assert_error(response, 401, "session_expired")
        assert response.headers["Access-Control-Allow-Origin"] == SITE
    body = {"assistant_id": channel["assistant_id"], "kind": "web", "name": "Outro", "origins": SITE}
    second = key_of(ana.post("/channels/add", body).json or {})
    assert_error(replace(one, key=second).request("GET", "/messages"), 401, "session_expired")
    stored = str(list(house.database["visitor_sessions"].find()))
    assert one.token not in stored


@pytest.mark.parametrize(
    "origin",
    [
        *(None, "", "null", "*", "https://loja.example", "http://www.loja.example", f"{SITE}:8443", f"{SITE}/"),
        *(
            f"{SITE}.evil.example",
            "https://evil.example",
            "https://www.loja.exampl",
            SITE.upper(),
            f"{SITE}, {SITE}",
        ),
    ],
)
def test_only_listed_origins_are_let_in(page: Page, origin: str | None) -> None:
    stranger = replace(page, origin=origin)

    responses = [
        stranger.request("GET", "/config"),
        stranger.request("POST", "/sessions", {}),
        stranger.request("GET", "/messages"),
        stranger.request("OPTIONS", "/messages"),
    ]

    for response in responses:
        assert_error(response, 403, "origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in response.headers


def test_a_page_of_this_service_itself_may_be_listed(page: Page) -> None:
    """Browsers send no `Origin` with what such a page reads."""
    own = replace(page, origin=None, headers={"Sec-Fetch-Site": "same-origin"})

    assert own.request("GET", "/config").status_code == 200
    for site in ("same-site", "cross-site", "none"):
        assert replace(own, headers={"Sec-Fetch-Site": site}).request("GET", "/config").status_code == 403


def test_no_origin_means_no_page(ana: Caller, page: Page, channel: dict[str, Any]) -> None:
    ana.put(f"/channels/update/{channel['_id']}", {"origins": ""})

    assert_error(page.request("GET", "/config"), 403, "origin_not_allowed")


def test_a_browser_may_ask_first(page: Page) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    response = replace(page, headers=asked).request("OPTIONS", "/messages")

    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert response.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, POST"
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Set-Cookie" not in page.opened().request("GET", "/messages").headers


def test_an_unknown_widget_is_not_found(page: Page, house: House, ana: Caller, channel: dict[str, Any]) -> None:
    for key in ("x", "x" * 5000, "ação", channel["_id"]):
        assert replace(page, key=key).request("GET", "/config").status_code == 404
    ana.delete(f"/channels/delete/{channel['_id']}")
    assert page.request("GET", "/config").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"id": "message-1"}, {"id": "short", "text": "Oi"}, {"id": "message-1", "text": " "}]
)
def test_what_is_no_message_is_refused(page: Page, body: dict[str, Any]) -> None:
    assert page.opened().request("POST", "/messages", body).status_code == 422


def test_a_message_has_a_length(page: Page) -> None:
    visitor = page.opened()

    assert_error(visitor.write("a" * 4097), 422, "validation_error", "text")
    assert_error(visitor.write("a\x00"), 422, "validation_error", "text")
    assert visitor.messages() == []


def test_of_a_long_conversation_the_latest_hundred_are_kept(page: Page, house: House) -> None:
    visitor = page.opened()
    row = house.database["visitor_sessions"].find_one(sort=[("_id", -1)])
    assert row is not None
    for number in range(105):
        assert house.rows.visitor_sessions.answered(str(row["_id"]), f"part-{number}", str(number), house.clock())

    kept = visitor.messages()

    assert [one["number"] for one in kept] == list(range(6, 106))
    assert [one["text"] for one in kept] == [str(number) for number in range(5, 105)]


def test_a_session_ends_a_week_after_its_last_message(page: Page, house: House) -> None:
    visitor, silent = page.opened(), page.opened()
    assert visitor.write("Olá", "message-0").status_code == 202
    house.clock.offset += timedelta(hours=1)
    assert_error(silent.request("GET", "/messages"), 401, "session_expired")
    house.clock.offset += timedelta(days=6)
    assert visitor.write("Oi").status_code == 202
    house.clock.offset += timedelta(days=6)
    assert visitor.request("GET", "/messages").status_code == 200
    house.clock.offset += timedelta(days=2)

    assert_error(visitor.request("GET", "/messages"), 401, "session_expired")
    assert_error(visitor.write("Oi", "message-2"), 401, "session_expired")
    house.services.channels.sweep()
    assert house.database["visitor_sessions"].find_one({"expires_at": {"$lt": house.clock()}}) is None


def test_a_session_goes_with_its_conversation(ana: Caller, page: Page, channel: dict[str, Any]) -> None:
    visitor = page.opened()
    visitor.write("Oi")
    until(lambda: len(visitor.messages()) == 2)
    conversations = ana.get(f"/conversations/list?assistant_id={channel['assistant_id']}").json or []

    receipt = ana.delete(f"/conversations/delete/{conversations[0]['_id']}").json or {}

    assert receipt["erased"]["visitor_sessions"] == 1
    assert_error(visitor.request("GET", "/messages"), 401, "session_expired")


def test_a_check_says_what_is_missing(ana: Caller, page: Page, channel: dict[str, Any]) -> None:
    def checks() -> dict[str, bool]:
        return {one["name"]: one["ok"] for one in ana.post(f"/channels/check/{channel['_id']}").json or []}

    assert checks() == {"address": False, "origins": True, "page": False, "first_message": False}
    page.request("GET", "/config")
    page.opened().write("Oi")
    until(lambda: checks() == {"address": False, "origins": True, "page": True, "first_message": True})
    ana.put(f"/channels/update/{channel['_id']}", {"origins": ""})
    assert checks()["origins"] is False


def test_the_script_may_be_loaded_by_any_site_and_kept(house: House) -> None:
    first = house.anyone().get("/widget.js")

    assert first.status_code == 200
    assert first.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = house.anyone().get("/widget.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def chats(owner: Caller, channel: dict[str, Any]) -> list[dict[str, Any]]:
    return list(owner.get(f"/chats/list?assistant_id={channel['assistant_id']}").json or [])


def delivery(owner: Caller, channel: dict[str, Any]) -> str | None:
    found = chats(owner, channel)
    return found[0]["delivery"]["state"] if found and found[0]["delivery"] else None
