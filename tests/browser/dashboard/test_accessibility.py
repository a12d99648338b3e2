"""axe finds nothing serious on any screen, in either theme, on a desktop and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.dashboard.shop import Shop
from tests.browser.dashboard.visitor import Visitor

_OPEN = ["/entrar", "/cadastrar", "/esqueci", "/convite/abc", "/redefinir-senha/abc"]
_OPERATOR = ["/conversas", "/conta"]
_OWNER = ["documentos", "prompt", "canais", "etiquetas", "equipe", "chaves", "webhooks", "ajustes"]
_SCREENS = [*_OPERATOR, "/assistentes", "/uso", "/inicio", *(f"/assistentes/ID/{tab}" for tab in _OWNER)]
_ON_PHONES = [*_OPERATOR, "/uso", "/assistentes/ID/documentos", "/assistentes/ID/ajustes"]


@pytest.mark.parametrize(
    ("size", "theme", "screens"),
    [("desktop", "light", _SCREENS), ("phone", "dark", _ON_PHONES)],
    ids=["light", "dark"],
)
def test_no_screen_shuts_anybody_out(
    shop: Shop, visitors: Callable[..., Visitor], size: str, theme: str, screens: list[str]
) -> None:
    shop.write("Qual é o prazo de entrega?", "Otto", 30)
    shop.write("Quero falar com um atendente.", "Paula", 31)
    visitor = visitors(size, theme)
    page: Page = visitor.page
    found: list[str] = []
    for path in _OPEN:
        page.goto(f"#{path}")
        expect(page.locator("form")).to_be_visible()
        found += violations(page)

    visitor.sign_in("ana@example.com")
    page.get_by_role("link", name="Paula").click()
    expect(page.locator(".turn").first).to_be_visible()
    found += violations(page)
    for path in screens:
        page.goto(f"#{path.replace('ID', shop.assistant_id)}")
        expect(page.locator("main h1, main .inbox-list li").first).to_be_attached()
        expect(page.locator("main .loading")).to_have_count(0)
        found += violations(page)

    assert not found
