"""An administrator: people, prices, audit, health."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.dashboard.conftest import Shop, Visitor
from tests.e2e.service import PASSWORD

Visit = Callable[..., Visitor]


def test_a_person_is_blocked_and_that_is_on_record(shop: Shop, visitors: Visit) -> None:
    nina = {"name": "Nina", "email": "nina@example.com", "password": PASSWORD}
    shop.service.http.post("/auth/register", json=nina).raise_for_status()
    page = visitors().sign_in("ana@example.com")
    page.goto("#/admin/pessoas")

    row = page.locator("tr", has_text="Nina")
    row.get_by_role("button", name="Bloquear").click()
    expect(row.get_by_text("bloqueada", exact=True)).to_be_visible()

    page.goto("#/admin/auditoria")
    page.get_by_role("combobox", name="Ação").select_option("user.update")
    expect(page.locator("li.document", has_text="user.update").first).to_contain_text("Nina")


def test_prices_are_set_and_the_health_is_shown(shop: Shop, visitors: Visit) -> None:
    page = visitors().sign_in("ana@example.com")
    page.goto("#/admin/precos")
    page.get_by_role("button", name="Nova linha").first.click()
    for label, value in (("Modelo", "stub*"), ("Moeda", "BRL"), ("Lidos, por milhão", "1,5"), ("Escritos", "6")):
        page.locator("tbody").first.get_by_label(label).fill(value)
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Salvo.")).to_be_visible()
    assert shop.service.http.get("/prices").json()["prices"][0]["in_per_million"] == "1.5"

    page.goto("#/admin/saude")
    expect(page.get_by_text("Banco de dados: funciona")).to_be_visible()
    expect(page.get_by_text("DATA_DIR")).to_be_visible()


def test_others_do_not_see_the_page(shop: Shop, visitors: Visit) -> None:
    page = visitors().sign_in("rita@example.com")

    expect(page.get_by_role("link", name="Conversas")).to_be_visible()
    expect(page.get_by_role("link", name="Administração")).to_have_count(0)
