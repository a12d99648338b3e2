"""A service that fails: every screen says so, and can be asked again."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.browser.dashboard.shop import Shop
from tests.browser.dashboard.visitor import Visitor

_TABS = ["documentos", "prompt", "avaliacao", "perguntas", "canais", "etiquetas", "equipe", "chaves", "webhooks"]
_ADMINISTRATOR = ["pessoas", "precos", "limites", "auditoria", "saude", "exportacao"]
_SCREENS = [
    *("/assistentes", "/conversas", "/uso"),
    *(f"/assistentes/ID/{tab}" for tab in _TABS),
    *(f"/admin/{tab}" for tab in _ADMINISTRATOR),
]
_ASK_AGAIN = "document.querySelectorAll('main [role=alert] button').forEach(one => one.click())"
_FAILED = {"error": "Something went wrong on our side.", "code": "internal_error"}


def test_every_screen_says_what_failed_and_can_be_asked_again(shop: Shop, visitors: Callable[..., Visitor]) -> None:
    page = visitors().sign_in("ana@example.com")
    page.goto("#/assistentes")
    expect(page.get_by_role("link", name="Loja")).to_be_visible()
    page.goto("#/conta")
    for path in _SCREENS:
        page.route("**/*", _fail)
        page.goto(f"#{path.replace('ID', shop.assistant_id)}")
        alerts = page.locator("main [role=alert]:visible")
        expect(alerts.first, path).to_contain_text("O serviço falhou.")
        page.unroute_all()
        page.evaluate(_ASK_AGAIN)
        expect(alerts, path).to_have_count(0)
        expect(page.locator("main .loading"), path).to_have_count(0)


def _fail(route: Route) -> None:
    if "/painel/" in route.request.url:
        route.continue_()
    else:
        route.fulfill(status=500, json=_FAILED)
