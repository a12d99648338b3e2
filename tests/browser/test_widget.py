"""A visitor talks through the widget, on a site of another origin with a strict Content-Security-Policy."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from tests.api.house import Caller, House, open_house
from tests.browser.live_house import served
from tests.fakes.database import scratch_database

_VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
OFFLINE = "Sem conexão. Tentando de novo…"


@pytest.fixture(scope="module")
def house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path_factory.mktemp("widget")) as house,
    ):
        yield house


@dataclass
class Site:
    """A shop's site, whose pages may load scripts from the service, ask it, and nothing else."""

    url: str
    service: str
    owner: Caller
    assistant_id: str
    channel_id: str
    logged: list[str] = field(default_factory=list)

    def visit(self, page: Page) -> "Widget":
        page.on("console", lambda message: self.logged.append(message.text))
        page.on("pageerror", lambda error: self.logged.append(str(error)))
        page.goto(self.url)
        return Widget(page)

    def chats(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return list(reversed(self.owner.get(f"/chats/list?assistant_id={self.assistant_id}").json or []))

    def write(self, text: str) -> None:
        """As a person of the business."""
        body = {"id": self.chats()[0]["channel"]["id"], "message_service": "Web", "message": text}
        assert self.owner.post(f"/chats/mensagemHumana?assistant_id={self.assistant_id}", body).status_code == 201


@dataclass
class Widget:
    """What a visitor sees and does."""

    page: Page

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Abrir o atendimento")

    @property
    def window(self) -> Locator:
        return self.page.get_by_role("dialog", name="Atendimento")

    @property
    def text(self) -> Locator:
        return self.page.get_by_role("textbox", name="Sua mensagem")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Mensagens")

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def message(self, text: str) -> Locator:
        return self.log.locator(".message").filter(has_text=text)

    def say(self, text: str) -> None:
        self.text.fill(text)
        self.text.press("Enter")


@pytest.fixture
def site(house: House) -> Iterator[Site]:
    app = Flask("site")
    pages: dict[str, str] = {}

    @app.get("/")
    def home() -> Response:
        response = Response(pages["/"], content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = pages["policy"]
        return response

    with served(house.client.application) as service, served(app) as url:
        owner = house.newcomer("Ana")
        assistant_id = owner.make_assistant()["_id"]
        body = {"assistant_id": assistant_id, "kind": "web", "name": "Site", "origins": [url]}
        channel = owner.post("/channels/add", body).json or {}
        script = channel["script"].replace("http://localhost", service)
        pages["/"] = (
            f"<!doctype html><html lang=pt-BR><title>Loja</title>{_VIEWPORT}<p><a href=/>Loja</a>{script}</html>"
        )
        pages["policy"] = (
            f"default-src 'none'; script-src {service}; connect-src {service}; require-trusted-types-for 'script'"
        )
        yield Site(url, service, owner, assistant_id, channel["_id"])


def test_with_the_keyboard_alone(site: Site, page: Page, house: House) -> None:
    seen = Event()
    house.model.answers.append(lambda: "1 < 2 & 3 > 2" if seen.wait(20) else "nobody saw the sign")
    widget = site.visit(page)
    expect(widget.launcher).to_be_visible()
    expect(widget.window).to_be_hidden()

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(widget.launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(widget.text).to_be_focused()
    expect(widget.message("Olá! Como podemos ajudar?")).to_be_visible()
    page.keyboard.type("Qual é <i>o</i> prazo?")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Obrigada")
    page.keyboard.press("Enter")

    expect(widget.message("Qual é <i>o</i> prazo?\nObrigada")).to_be_visible()
    expect(widget.status).to_have_text("Escrevendo uma resposta…")
    seen.set()
    expect(widget.message("1 < 2 & 3 > 2")).to_be_visible()
    expect(widget.status).to_have_text("")
    expect(widget.log.locator("b, i")).to_have_count(0)
    expect(widget.text).to_have_value("")

    for stop in ("Enviar", "Fechar o atendimento"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=stop)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Enviar")).to_be_focused()
    page.keyboard.press("Escape")
    expect(widget.window).to_be_hidden()
    expect(widget.launcher).to_be_focused()

    site.write("Aqui é a Ana: <img src=x onerror=alert(1)>")
    expect(page.get_by_role("button", name="1 mensagem nova")).to_be_visible()
    page.keyboard.press("Enter")
    expect(widget.message("Aqui é a Ana:")).to_be_visible()
    expect(widget.log.locator("img")).to_have_count(0)
    page.keyboard.type("Meio escr")
    page.reload()
    expect(widget.text).to_have_value("Meio escr")
    expect(widget.log.locator(".message")).to_have_count(4)
    wait_for_state(site, page, "read")
    assert site.logged == []


def test_a_page_of_another_origin_has_no_widget(site: Site, page: Page) -> None:
    site.owner.put(f"/channels/update/{site.channel_id}", {"origins": [site.url.replace("127.0.0.1", "localhost")]})

    with page.expect_console_message(lambda message: f"does its channel list {site.url}?" in message.text):
        widget = site.visit(page)

    expect(page.get_by_role("link", name="Loja")).to_be_visible()
    expect(widget.launcher).to_have_count(0)


def test_what_is_written_without_a_network_is_sent_once_it_is_back(site: Site, page: Page) -> None:
    widget = site.visit(page)
    widget.launcher.click()
    widget.say("Primeira")
    expect(widget.log.locator(".message")).to_have_count(3)

    page.context.set_offline(True)
    widget.say("Segunda")
    expect(widget.status).to_have_text(OFFLINE)
    expect(widget.message("Segunda")).to_contain_text("Enviando…")
    widget.text.fill("Um rascunho")
    page.context.set_offline(False)

    expect(widget.message("Segunda")).not_to_contain_text("Enviando…")
    expect(widget.status).not_to_have_text(OFFLINE)
    expect(widget.log.locator(".message")).to_have_count(5)
    expect(widget.text).to_have_value("Um rascunho")
    assert [one["message"] for one in site.chats()] == ["Primeira", "Segunda"]


def test_a_lost_answer_sends_nothing_twice(site: Site, page: Page) -> None:
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            route.fetch()
            lost.append(route.request.post_data or "")
            route.abort()
        else:
            route.continue_()

    page.route("**/messages*", lose_the_first)
    widget, other_tab = site.visit(page), site.visit(page.context.new_page())
    expect(other_tab.launcher).to_be_visible()
    page.bring_to_front()
    widget.launcher.click()
    widget.say("Uma vez só")

    expect(widget.log.locator(".message")).to_have_count(3)
    expect(widget.message("Uma vez só")).not_to_contain_text("Enviando…")
    assert len(lost) == 1
    assert [one["message"] for one in site.chats()] == ["Uma vez só"]
    other_tab.launcher.click()
    expect(other_tab.log.locator(".message")).to_have_count(3)


def test_a_session_that_was_erased_begins_anew(site: Site, page: Page) -> None:
    widget = site.visit(page)
    widget.launcher.click()
    widget.say("Oi")
    expect(widget.log.locator(".message")).to_have_count(3)
    (conversation,) = site.owner.get(f"/conversations/list?assistant_id={site.assistant_id}").json or []
    site.owner.delete(f"/conversations/delete/{conversation['_id']}")

    widget.say("De novo")

    expect(widget.log.locator(".message")).to_have_count(5)
    assert [one["message"] for one in site.chats()] == ["De novo"]


def test_on_a_phone_the_window_fills_the_page(site: Site, browser: Browser) -> None:
    phone: ViewportSize = {"width": 360, "height": 640}
    with browser.new_context(viewport=phone, has_touch=True, is_mobile=True, reduced_motion="reduce") as context:
        widget = site.visit(context.new_page())
        widget.launcher.tap()

        assert widget.window.bounding_box() == {"x": 0, "y": 0, **phone}
        assert widget.window.evaluate("element => getComputedStyle(element).animationName") == "none"
        expect(widget.text).to_be_in_viewport()


def wait_for_state(site: Site, page: Page, state: str) -> None:
    """Until the page has told so of the last answer."""
    for _ in range(100):
        if (site.chats()[-1]["delivery"] or {}).get("state") == state:
            return
        page.wait_for_timeout(100)
    raise AssertionError(site.chats())
