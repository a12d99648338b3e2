"""axe finds nothing serious on any screen, in either theme, on a desktop and on a phone (WCAG 2.2 AA)."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.dashboard.conftest import Shop, Visitor

_TABS = ["documentos", "prompt", "testes", "avaliacao", "perguntas", "canais", "etiquetas", "equipe", "chaves"]
_TABS += ["webhooks", "ajustes"]
_SCREENS = [
    "/conversas",
    "/assistentes",
    *(f"/assistentes/ID/{tab}" for tab in _TABS),
    "/uso",
    *(f"/admin/{tab}" for tab in ("pessoas", "precos", "limites", "auditoria", "saude", "exportacao")),
    "/conta",
    "/inicio",
]


def _violations(page: Page) -> list[str]:
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url}: {one['id']}: {node['html'][:150]}: {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_no_screen_shuts_anybody_out(shop: Shop, visitors: Callable[..., Visitor], size: str, theme: str) -> None:
    shop.write("Qual é o prazo de entrega?", "Otto", 30)
    shop.write("Quero falar com um atendente.", "Paula", 31)
    visitor = visitors(size, theme)
    page = visitor.page
    found: list[str] = []
    for path in ("/entrar", "/cadastrar", "/esqueci", "/convite/abc", "/redefinir-senha/abc"):
        page.goto(f"#{path}")
        expect(page.locator("form")).to_be_visible()
        found += _violations(page)

    visitor.sign_in("ana@example.com")
    page.get_by_role("link", name="Paula").click()
    expect(page.locator(".turn").first).to_be_visible()
    found += _violations(page)
    for path in _SCREENS:
        page.goto(f"#{path.replace('ID', shop.assistant_id)}")
        expect(page.locator("main h1, main .inbox-list li").first).to_be_attached()
        expect(page.locator("main .loading")).to_have_count(0)
        found += _violations(page)

    assert not found
