"""Somebody at the dashboard."""

import json
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.dashboard.shop import Shop
from tests.e2e.service import PASSWORD

_SIZES: dict[str, Any] = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
_BEGIN = """(kept => {
  if (sessionStorage.getItem("begun")) return;
  sessionStorage.setItem("begun", "yes");
  for (const [name, value] of Object.entries(kept)) sessionStorage.setItem(name, value);
})(%s)"""


class Visitor:
    """Somebody at a browser of their own, whose page must neither fail nor run what customers wrote."""

    def __init__(self, browser: Browser, shop: Shop, size: str = "desktop", theme: Any = "light") -> None:
        self.shop = shop
        self.context = browser.new_context(
            locale="pt-BR", viewport=_SIZES[size], color_scheme=theme, base_url=shop.address, accept_downloads=True
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.failures: list[str] = []
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))
        self.page.on("dialog", lambda dialog: self.failures.append(dialog.message))

    def sign_in(self, email: str) -> Page:
        """Somebody who has signed in; `type_password` does it by hand."""
        token, user = self.shop.session(email)
        kept = {"orquestradora.token": token, "orquestradora.user": json.dumps(user)}
        self.context.add_init_script(_BEGIN % json.dumps(kept))
        if self.page.url.startswith(self.shop.address):
            self.page.reload()
        self.page.goto("#/")
        expect(self.page.get_by_role("navigation", name="Áreas")).to_be_visible()
        return self.page

    def type_password(self, email: str) -> Page:
        """Sign in with the keyboard."""
        page = self.page
        page.goto("#/entrar")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Senha").fill(PASSWORD)
        page.get_by_label("Senha").press("Enter")
        expect(page.get_by_role("navigation", name="Áreas")).to_be_visible()
        return page
