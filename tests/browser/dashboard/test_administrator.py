"""An administrator looks after people, prices, the audit, the service's health, and takes everything along."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.dashboard.shop import Shop
from tests.browser.dashboard.visitor import Visitor
from tests.e2e.service import PASSWORD

Visit = Callable[..., Visitor]


def test_an_account_is_found_blocked_given_a_link_and_deleted(shop: Shop, visitors: Visit) -> None:
    zeca = {"name": "Zeca", "email": "zeca@example.com", "password": PASSWORD}
    shop.service.http.post("/auth/register", json=zeca).raise_for_status()
    page = visitors().sign_in("ana@example.com")
    page.get_by_role("link", name="Administração").click()
    page.get_by_role("searchbox", name="Buscar por nome ou e-mail").fill("ZECA@ex")
    expect(page.locator("li.document")).to_have_count(1)
    account = page.locator("li.document", has_text="zeca@example.com")

    account.get_by_role("button", name="Bloquear").click()
    page.get_by_role("dialog").get_by_role("button", name="Bloquear").click()
    expect(account.get_by_text("bloqueada")).to_be_visible()
    account.get_by_role("button", name="Link de senha").click()
    link = page.get_by_role("dialog").get_by_role("textbox").input_value()
    assert link.startswith(f"{shop.address}#/redefinir-senha/")
    page.get_by_role("button", name="Pronto").click()
    account.get_by_role("button", name="Desbloquear").click()
    expect(account.get_by_text("bloqueada")).to_have_count(0)
    _choose_password(visitors().page, link)
    account.get_by_role("button", name="Excluir").click()
    page.get_by_role("dialog").get_by_role("button", name="Excluir a conta").click()

    expect(account).to_have_count(0)
    page.get_by_role("searchbox").fill("")
    expect(page.locator("li.document", has_text="ana@example.com").get_by_role("button")).to_have_count(0)


def _choose_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Senha nova").fill("zeca@example.com")
    page.get_by_role("button", name="Salvar a senha").click()
    expect(page.locator(".field-error")).to_have_text("Não pode ser o e-mail.")
    page.get_by_label("Senha nova").fill("outra senha comprida")
    page.get_by_role("button", name="Salvar a senha").click()
    page.get_by_role("link", name="Entrar").click()
    page.get_by_label("E-mail").fill("zeca@example.com")
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_label("Senha").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("O e-mail ou a senha não está certo.")
    page.get_by_label("Senha").fill("outra senha comprida")
    page.get_by_label("Senha").press("Enter")
    expect(page.get_by_text("Ainda não há conversas")).to_be_visible()


def test_prices_are_set_and_the_audit_says_who_did(shop: Shop, visitors: Visit) -> None:
    page = visitors().sign_in("ana@example.com")
    page.goto("#/admin/precos")
    page.get_by_role("button", name="Novo preço").click()
    row = page.get_by_role("region", name="Preços").get_by_role("row").last
    for label, text in [("Modelo", "stub*"), ("Moeda", "usd"), ("Lidos, por milhão", "1,5"), ("Escritos", "10")]:
        row.get_by_label(label).first.fill(text)
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_role("alert").filter(has_text="USD")).to_be_visible()

    page.get_by_role("button", name="Novo câmbio").click()
    rate = page.get_by_role("region", name="Câmbio").get_by_role("row").last
    rate.get_by_label("Moeda").fill("USD")
    rate.get_by_label("Vale em reais").fill("5,43")
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Salvo.")).to_be_visible()

    (price,) = shop.service.http.get("/prices").json()["prices"]
    assert (price["model"], price["currency"], price["in_per_million"]) == ("stub*", "USD", "1.5")
    page.goto("#/admin/auditoria")
    page.get_by_label("Ação", exact=True).select_option("prices.update")
    entries = page.locator("li.document")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Ana")
    entries.get_by_text("O que mudou").click()
    expect(entries.get_by_role("table")).to_contain_text("stub*: 1.5 in, 10 out, USD")
    shop.service.http.put("/prices", json={"prices": []}).raise_for_status()


def test_everything_is_exported_into_a_file(shop: Shop, visitors: Visit, tmp_path: Path) -> None:
    page = visitors().sign_in("ana@example.com")
    page.goto("#/admin/exportacao")
    page.get_by_role("button", name="Exportar tudo").click()
    page.get_by_role("dialog").get_by_role("button", name="Exportar tudo").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Baixar").click()

    download.value.save_as(tmp_path / "all.gz")
    assert shop.assistant_id.encode() in gzip.decompress((tmp_path / "all.gz").read_bytes())
    page.get_by_role("button", name="Apagar do servidor").click()
    expect(page.get_by_role("button", name="Baixar")).to_have_count(0)


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_each_screen_shuts_nobody_out(shop: Shop, visitors: Visit, size: str, theme: str) -> None:
    page = visitors(size, theme).sign_in("ana@example.com")
    found: list[str] = []
    for tab, text in [
        ("pessoas", "ana@example.com"),
        ("precos", "Novo preço"),
        ("limites", "RATE_LIMIT_MESSAGES"),
        ("auditoria", "Assistente criado"),
        ("saude", "Tudo em ordem."),
        ("exportacao", "Exportar tudo"),
    ]:
        page.goto(f"#/admin/{tab}")
        expect(page.locator("main").get_by_text(text).last).to_be_visible()
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab

    assert not found


def test_others_are_told_that_it_is_not_theirs(shop: Shop, visitors: Visit) -> None:
    page = visitors().sign_in("rita@example.com")
    expect(page.get_by_role("link", name="Conversas")).to_be_visible()
    expect(page.get_by_role("link", name="Administração")).to_have_count(0)

    page.goto("#/admin/saude")

    expect(page.locator("main [role=alert]")).to_contain_text("O seu papel não permite isto.")
