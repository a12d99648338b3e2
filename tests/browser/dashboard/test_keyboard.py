"""Somebody without a mouse: signs in, picks a conversation, takes it over, writes, gives it back."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard.shop import Shop
from tests.browser.dashboard.visitor import Visitor
from tests.e2e.service import PASSWORD

_MOST_TABS = 40
_FOCUS = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return one === document.body || (style.outlineStyle !== "none" && box.width > 0 && box.height > 0);
}"""


def _tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until it has the focus, which is seen all the way."""
    expect(wanted).to_be_visible()
    for _ in range(_MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press(key)
        assert page.evaluate(_FOCUS), page.evaluate("document.activeElement.outerHTML")
    raise AssertionError("it never had the focus")


def _button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def test_everything_is_done_without_a_mouse(shop: Shop, visitors: Callable[..., Visitor]) -> None:
    shop.write("Bom dia, tudo bem?", "Kátia", 60)
    shop.write("Vocês abrem hoje?", "Leo", 61)
    page = visitors().page
    page.goto("#/entrar")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("rita@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    rows = page.locator(".conversation-row")
    _tab_to(page, rows.first)
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kátia", level=2)).to_be_visible()
    expect(page.get_by_role("log")).to_be_focused()

    _tab_to(page, page.locator(".composer").get_by_role("button", name="Assumir a conversa"))
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Mensagem", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("jkx? n/s: oi, Kátia")
    page.keyboard.press("Enter")
    expect(page.locator(".turns .bubble.person .text").last).to_have_text("jkx? n/s: oi, Kátia")

    switch = page.locator(".conversation-head").get_by_role("button", name="Devolver ao assistente")
    _tab_to(page, switch, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("O assistente está respondendo.")).to_be_visible()
    expect(page.locator(".conversation-head .switch")).to_be_focused()


def test_dialogs_keep_the_focus_and_give_it_back(shop: Shop, visitors: Callable[..., Visitor]) -> None:
    shop.write("Qual é o prazo?", "Mila", 62)
    page = visitors().sign_in("rita@example.com")
    page.locator(".conversation-row", has_text="Mila").press("Enter")
    source = _button(page, "loja.md")
    source.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        inside = "one => one.contains(document.activeElement) || document.activeElement === document.body"
        assert dialog.evaluate(inside)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(source).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".conversation-row[aria-current]")).to_be_focused()
