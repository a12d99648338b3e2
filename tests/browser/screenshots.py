"""The pictures of the README: `make screenshots` writes them to docs/images."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from app.knowledge.embedding import open_embedder
from tests.browser.conftest import chromium
from tests.browser.dashboard.shop import Shop, open_shop
from tests.browser.dashboard.visitor import Visitor

_IMAGES = Path(__file__).parents[2] / "docs" / "images"
_CUSTOMERS = ["Maria Aparecida", "João Pedro", "Lúcia Ferreira", "Antônio Carlos", "Débora Nunes", "Família Prado"]
_QUESTIONS = ["Bom dia!", "Qual é o prazo de entrega?", "Posso trocar um produto?"]
_MODEL_SECONDS = 120


def main() -> None:
    """Start a shop, let customers write, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        open_embedder("bundled", None, None, place, _MODEL_SECONDS)
        (place / "shop").mkdir()
        with open_shop(place / "shop", place / "models") as shop:
            _fill(shop)
            _take(shop)


def _fill(shop: Shop) -> None:
    for number, name in enumerate(_CUSTOMERS):
        for question in _QUESTIONS[: 1 + number % 3]:
            shop.write(question, name, number)
    shop.write("Quero falar com um atendente, por favor.", _CUSTOMERS[1], 1)


def _take(shop: Shop) -> None:
    screens: list[tuple[str, str, str, Callable[[Page], None]]] = [
        ("inbox", "desktop", "light", _conversation),
        ("inbox-dark", "desktop", "dark", _conversation),
        ("inbox-phone", "phone", "light", _conversation),
        ("documents", "desktop", "light", lambda page: _go(page, f"/assistentes/{shop.assistant_id}/documentos")),
        ("prompt", "desktop", "dark", lambda page: _go(page, f"/assistentes/{shop.assistant_id}/prompt")),
        ("usage", "desktop", "light", lambda page: _go(page, "/uso")),
        ("health", "desktop", "dark", lambda page: _go(page, "/admin/saude")),
    ]
    _IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright, playwright.chromium.launch(**(chromium() or {})) as browser:
        for name, size, theme, show in screens:
            visitor = Visitor(browser, shop, size, theme)
            show(visitor.sign_in("ana@example.com"))
            _keep(visitor.page, name)
            visitor.context.close()


def _conversation(page: Page) -> None:
    page.get_by_role("link", name=_CUSTOMERS[1]).click()
    page.locator(".turn").first.wait_for()


def _go(page: Page, path: str) -> None:
    page.goto(f"#{path}")
    page.locator("main .card").first.wait_for()


def _keep(page: Page, name: str) -> None:
    page.wait_for_timeout(1500)
    picture = _IMAGES / f"{name}.png"
    page.screenshot(path=picture)
    with Image.open(picture) as image:
        image.save(picture.with_suffix(".webp"), quality=80, method=6)
    picture.unlink()


if __name__ == "__main__":
    main()
