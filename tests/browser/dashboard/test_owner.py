"""An owner's way: from registering to an assistant that answers, its prompt, a key, a document, the usage."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import expect

from tests.browser.dashboard.shop import ANSWER, Shop
from tests.browser.dashboard.visitor import Visitor
from tests.e2e.service import PASSWORD

Visit = Callable[..., Visitor]


def test_the_first_start_leads_to_an_answer(shop: Shop, visitors: Visit, size: str) -> None:
    page = visitors(size).page
    page.goto("#/cadastrar")
    page.get_by_label("Nome").fill("Olga")
    page.get_by_label("E-mail").fill(f"olga-{size}@example.com")
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Criar a conta").click()

    page.get_by_label("Nome do assistente").fill("Padaria")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Escreva o que os clientes mais perguntam").fill("O prazo de entrega é de 5 dias úteis.")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Pergunte como um cliente perguntaria").fill("Qual é o prazo de entrega?")
    page.get_by_role("button", name="Perguntar").click()

    expect(page.get_by_text(ANSWER)).to_be_visible()
    expect(page.get_by_text("Fontes: sobre-nos.md")).to_be_visible()
    expect(page.get_by_role("link", name="Conectar um canal")).to_be_visible()


def test_documents_are_dropped_read_and_looked_into(shop: Shop, visitors: Visit, tmp_path: Path) -> None:
    (tmp_path / "horario.md").write_text("# Horário\n\nAbrimos das 8h às 18h.\n")
    (tmp_path / "quebrado.pdf").write_bytes(b"%PDF-1.7 nothing")
    page = visitors().sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/documentos")

    page.get_by_label("Escolher arquivos").set_input_files([tmp_path / "horario.md", tmp_path / "quebrado.pdf"])

    good = page.locator("li.document", has_text="horario.md")
    expect(good.get_by_text("pronto")).to_be_visible()
    expect(page.locator("li.document", has_text="quebrado.pdf").get_by_text("falhou")).to_be_visible()
    good.get_by_role("button", name="Ver trechos").click()
    expect(page.get_by_role("dialog", name="horario.md").get_by_text("Abrimos das 8h às 18h.")).to_be_visible()
    page.keyboard.press("Escape")

    (tmp_path / "novo.md").write_text("# Horário\n\nAbrimos das 7h às 20h.\n")
    page.get_by_label("Nova versão: horario.md").set_input_files(tmp_path / "novo.md")
    expect(page.get_by_text("A nova versão está sendo lida.")).to_be_visible()
    expect(page.locator("li.document", has_text="novo.md")).to_have_count(0)
    expect(good).to_have_count(1)


def test_the_prompt_has_versions_that_can_be_restored(shop: Shop, visitors: Visit) -> None:
    page = visitors().sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/prompt")
    for text in ("Responda com cortesia.", "Responda em uma frase curta."):
        page.get_by_label("Instruções").fill(text)
        page.get_by_role("button", name="Salvar como nova versão").click()
        expect(page.locator("li.version").first.get_by_text(f"{len(text)} caracteres")).to_be_visible()

    page.locator("li.version").first.get_by_role("button", name="Diferença").click()
    expect(page.locator(".difference .added")).to_contain_text("Responda em uma frase curta.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Restaurar").first.click()

    expect(page.get_by_label("Instruções")).to_have_value("Responda com cortesia.")


def test_a_web_page_tells_when_it_is_read_and_is_read_again(shop: Shop, visitors: Visit) -> None:
    page = visitors().sign_in("ana@example.com")
    stored = shop.service.http.get(f"/documents/list?assistant_id={shop.assistant_id}").json()[0]
    fetched = {
        **stored,
        "filename": "faq.html",
        "url": "https://example.com/faq",
        "refresh_hours": 24,
        "refresh_at": "2027-01-05T12:00:00+00:00",
        "refresh_error": "The page did not come in time.",
    }
    page.route(re.compile(r"/documents/list\?"), lambda route: route.fulfill(json=[fetched]))
    page.route("**/documents/addUrl", lambda route: route.fulfill(status=201, json=fetched))
    page.goto(f"#/assistentes/{shop.assistant_id}/documentos")
    row = page.locator("li.document")
    expect(row).to_contain_text("lida de novo em 05/01/2027")
    expect(row).to_contain_text("A última leitura falhou: A página não veio a tempo.")
    row.get_by_role("button", name="Validade e releitura").click()
    expect(page.get_by_role("dialog").get_by_label("Ler de novo a cada")).to_have_value("24")
    page.keyboard.press("Escape")

    with page.expect_request("**/documents/addUrl") as asked:
        row.get_by_role("button", name="Ler de novo agora").click()
    wanted = {"url": fetched["url"], "assistant_id": shop.assistant_id, "refresh_hours": 24}
    assert asked.value.post_data_json == wanted
    expect(page.get_by_text("A nova versão está sendo lida.")).to_be_visible()


def test_a_key_is_shown_once_and_works(shop: Shop, visitors: Visit) -> None:
    visitor = visitors()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/chaves")
    page.get_by_role("button", name="Nova chave").click()
    dialog = page.get_by_role("dialog", name="Nova chave")
    dialog.get_by_label("Nome").fill("Site")
    dialog.get_by_label("read: ler conversas e uso").check()
    dialog.get_by_role("button", name="Nova chave").click()

    key = page.get_by_label("A sua chave nova").get_by_role("textbox").input_value()
    page.get_by_role("button", name="Copiar").click()
    expect(page.get_by_text("Copiado.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    page.get_by_role("button", name="Pronto").click()

    response = httpx.get(f"{shop.service.url}/conversations/list", headers={"X-API-Key": key})
    assert response.status_code == 200
    expect(page.locator("tr", has_text="Site")).to_be_visible()
    assert key not in page.content()


def test_the_usage_can_be_read_as_a_table_and_saved(shop: Shop, visitors: Visit) -> None:
    shop.write("Oi!", "Marta", 20)
    page = visitors().sign_in("ana@example.com")
    page.goto("#/uso")

    expect(page.get_by_role("img", name="Mensagens por dia")).to_be_visible()
    page.get_by_text("Como tabela").click()
    expect(page.get_by_role("columnheader", name="Custo").first).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    lines = saved.value.path().read_text().splitlines()
    assert saved.value.suggested_filename == "uso.csv"
    assert lines[0].startswith("day,")
    assert len(lines) > 1


def test_somebody_is_invited_registers_by_the_link_and_is_taken_out(shop: Shop, visitors: Visit) -> None:
    page = visitors().sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/equipe")
    page.get_by_label("E-mail").fill("nina@example.com")
    page.get_by_label("Papel").select_option("viewer")
    page.get_by_role("button", name="Dar acesso").click()
    link = page.get_by_label("Link do convite").get_by_role("textbox").input_value()
    page.get_by_role("button", name="Pronto").click()
    expect(page.locator("tr", has_text="nina@example.com")).to_contain_text("Convite enviado")

    nina = visitors("phone").page
    nina.goto(link)
    nina.get_by_label("Nome").fill("Nina")
    nina.get_by_label("E-mail que recebeu o convite").fill("outra@example.com")
    nina.get_by_label("Senha").fill(PASSWORD)
    nina.get_by_role("button", name="Criar a conta").click()
    expect(nina.get_by_role("alert")).to_contain_text("Este convite não vale mais, ou é para outro e-mail.")
    nina.get_by_label("E-mail que recebeu o convite").fill("nina@example.com")
    nina.get_by_role("button", name="Criar a conta").click()
    expect(nina.locator(".conversation-row").first).to_be_visible()
    nina.locator(".conversation-row").first.click()
    expect(nina.get_by_text("Você pode ler esta conversa.")).to_be_visible()

    page.reload()
    row = page.locator("tr", has_text="nina@example.com")
    expect(row).to_contain_text("Leitor")
    row.get_by_role("button", name="Tirar o acesso").click()
    page.get_by_role("dialog").get_by_role("button", name="Tirar o acesso").click()
    expect(row).to_have_count(0)


def test_a_page_that_cannot_be_read_is_told_and_nothing_typed_is_lost(shop: Shop, visitors: Visit) -> None:
    page = visitors().sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/documentos")
    page.get_by_role("button", name="Adicionar uma página da web").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Endereço da página").fill(shop.service.url)
    dialog.get_by_label("Ler de novo a cada").fill("24")
    dialog.get_by_role("button", name="Adicionar uma página da web").click()

    expect(dialog).to_contain_text("Este endereço não está na internet pública, ou é deste próprio servidor.")
    expect(dialog.get_by_label("Ler de novo a cada")).to_have_value("24")
    dialog.get_by_role("button", name="Cancelar").click()
    page.goto(f"#/assistentes/{shop.assistant_id}/prompt")
    page.get_by_label("Instruções").fill("Ainda não terminei.")
    page.get_by_label("Nota da versão").fill("rascunho")
    page.reload()
    expect(page.get_by_label("Instruções")).to_have_value("Ainda não terminei.")
    expect(page.get_by_label("Nota da versão")).to_have_value("rascunho")
    page.get_by_role("button", name="Descartar").click()
    expect(page.get_by_label("Instruções")).not_to_have_value("Ainda não terminei.")
