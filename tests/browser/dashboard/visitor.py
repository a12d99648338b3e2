"""Somebody at the dashboard."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.dashboard.shop import Shop
from tests.e2e.service import PASSWORD

_SIZES: dict[str, Any] = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


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
