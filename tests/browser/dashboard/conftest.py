"""A started service with a stub model, an assistant with real documents, and two people who share it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.service import PASSWORD, Service, running
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest

ANSWER = "O prazo de entrega é de 5 dias úteis."
WRONG = "Sempre às terças."
UNKNOWN = "Não tenho essa informação."
_KNOWLEDGE = (
    "# Entrega\n\nO prazo de entrega é de 5 dias úteis.\n\n# Trocas\n\nTrocas em até 30 dias, com nota fiscal.\n"
)
_SIZES: dict[str, Any] = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


@dataclass
class Shop:
    """A service with the assistant `Loja` of Ana, who administers it; Rita is its operator."""

    service: Service
    assistant_id: str
    api_key: str

    @property
    def address(self) -> str:
        return f"{self.service.url}/painel/"

    def write(self, text: str, name: str, number: int) -> None:
        """A customer writes."""
        body = {"id": f"+5513988590{number:03}", "message_service": "Whatsapp", "username": name, "message": text}
        headers = {"X-API-Key": self.api_key}
        response = self.service.http.post("/chats/enviarMensagemLLM", json=body, headers=headers)
        assert response.status_code in {200, 409}, response.text


def _reply(request: RecordedRequest) -> Reply:
    messages = request.body["messages"]
    instructions, said = str(messages[0]["content"]), str(messages[-1]["content"])
    if "atendente" in said:
        return Reply(mode="tool_call")
    if "errado" in instructions:
        return Reply(text=WRONG)
    return Reply(text=UNKNOWN if "pneus" in said or "garagem" in said else ANSWER)


@pytest.fixture(scope="session")
def shop(bundled_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop, for all tests of this folder; each has customers of its own."""
    place = tmp_path_factory.mktemp("dashboard")
    (place / "data").mkdir()
    (place / "data" / "models").symlink_to(bundled_models)
    with OpenAIServer(reply=_reply) as model:
        settings: dict[str, Any] = {"LLM_MODEL": "stub", "LLM_BASE_URL": model.url, "LLM_API_KEY": "x"}
        with running(place, **settings, BURST_QUIET_SECONDS=0) as service:
            assistant = service.make_assistant()
            service.upload(assistant["_id"], _KNOWLEDGE.encode(), "loja.md")
            rita = {"name": "Rita", "email": "rita@example.com", "password": PASSWORD}
            service.http.post("/auth/register", json=rita).raise_for_status()
            member = {"email": rita["email"], "role": "operator"}
            service.http.put(f"/assistants/members/{assistant['_id']}", json=member).raise_for_status()
            yield Shop(service, assistant["_id"], assistant["api_key"])


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    """Both sizes, one after the other."""
    return str(request.param)


class Visitor:
    """Somebody at a browser of their own, whose page must neither fail nor run what customers wrote."""

    def __init__(self, browser: Browser, shop: Shop, size: str = "desktop", theme: Any = "light") -> None:
        self.context = browser.new_context(
            locale="pt-BR", viewport=_SIZES[size], color_scheme=theme, base_url=shop.address, accept_downloads=True
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.failures: list[str] = []
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))
        self.page.on("dialog", lambda dialog: self.failures.append(dialog.message))

    def sign_in(self, email: str) -> Page:
        page = self.page
        page.goto("#/entrar")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Senha").fill(PASSWORD)
        page.get_by_label("Senha").press("Enter")
        expect(page.get_by_role("navigation", name="Áreas")).to_be_visible()
        return page


@pytest.fixture
def visitors(browser: Browser, shop: Shop) -> Iterator[Any]:
    """Opens browsers; at the end none of their pages has failed."""
    opened: list[Visitor] = []

    def visit(size: str = "desktop", theme: str = "light") -> Visitor:
        opened.append(Visitor(browser, shop, size, theme))
        return opened[-1]

    yield visit
    for one in opened:
        one.context.close()
    assert [failure for one in opened for failure in one.failures] == []
