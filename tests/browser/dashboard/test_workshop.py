"""An owner makes the assistant better: the test bench, the evaluation, what nobody could answer."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.dashboard.shop import ANSWER, WRONG, Shop
from tests.browser.dashboard.visitor import Visitor

Visit = Callable[..., Visitor]


def test_a_question_is_asked_twice_side_by_side(shop: Shop, visitors: Visit, size: str) -> None:
    visitor = visitors(size, "light" if size == "desktop" else "dark")
    page = visitor.sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/testes")

    page.get_by_label("Pergunta").fill("Qual é o prazo de entrega?")
    page.get_by_label("Comparar com outro modelo ou prompt").check()
    page.get_by_role("combobox", name="Modelo").select_option("stub")
    page.get_by_label("Instruções").fill("Responda errado.")
    page.get_by_label("Pergunta").press("Enter")

    present, other = page.locator(".columns > section").all()
    expect(present.get_by_text(ANSWER, exact=True)).to_be_visible()
    expect(other.get_by_text(WRONG)).to_be_visible()
    expect(present.locator(".passage").first).to_contain_text("loja.md")
    expect(present.locator(".passage").first).to_contain_text("pelas palavras")
    other.get_by_text("O prompt que foi enviado").click()
    expect(other.locator("pre").first).to_contain_text("Responda errado.")
    expect(page.get_by_role("region", name="Comparação").get_by_role("row")).to_have_count(6)
    assert violations(page) == []
    page.reload()
    expect(page.get_by_label("Pergunta")).to_have_value("Qual é o prazo de entrega?")


def _add_case(page: Page, question: str, expected: str) -> None:
    page.get_by_role("button", name="Nova pergunta").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Pergunta").fill(question)
    dialog.get_by_label("Resposta esperada").fill(expected)
    dialog.get_by_role("button", name="Salvar").click()
    expect(dialog).to_have_count(0)


def test_a_prompt_that_makes_an_answer_wrong_is_not_published_by_mistake(shop: Shop, visitors: Visit) -> None:
    _forget_cases(shop)  # corrections that other tests made
    page = visitors().sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/avaliacao")
    _add_case(page, "Qual é o prazo de entrega?", "5 dias úteis")
    runs = page.get_by_role("region", name="Avaliações")

    page.get_by_role("button", name="Avaliar", exact=True).click()
    expect(runs.get_by_role("row").nth(1)).to_contain_text("1 de 1 certas")
    page.get_by_role("button", name="Experimentar outro prompt ou modelo").click()
    page.get_by_label("Instruções").fill("Responda errado.")
    page.get_by_role("dialog").get_by_role("button", name="Avaliar").click()
    expect(runs.get_by_role("row").nth(1)).to_contain_text("1 pior")
    runs.get_by_role("button", name="Resultados").first.click()
    results = page.get_by_role("dialog", name="Resultados")
    expect(results.locator("li.document")).to_contain_text(WRONG)
    assert violations(page) == []

    results.get_by_role("button", name="Publicar este prompt").click()
    insist = page.get_by_role("dialog", name="Publicar mesmo assim")
    expect(insist).to_be_visible()
    insist.get_by_role("button", name="Cancelar").click()
    expect(insist).to_have_count(0)
    assert _prompt(shop) != "Responda errado."

    results.get_by_role("button", name="Publicar este prompt").click()
    insist.get_by_role("button", name="Publicar mesmo assim").click()
    expect(runs.get_by_text("publicado")).to_be_visible()
    assert _prompt(shop) == "Responda errado."
    shop.service.http.put(f"/prompts/update/{shop.assistant_id}", json={"text": None}).raise_for_status()


def _forget_cases(shop: Shop) -> None:
    for case in shop.service.http.get(f"/evaluations/cases/{shop.assistant_id}").json():
        shop.service.http.delete(f"/evaluations/deleteCase/{case['_id']}").raise_for_status()


def _prompt(shop: Shop) -> str | None:
    text = shop.service.http.get(f"/prompts/get/{shop.assistant_id}").json()["text"]
    return None if text is None else str(text)


def test_what_nobody_could_answer_becomes_knowledge(shop: Shop, visitors: Visit) -> None:
    shop.write("Vocês vendem pneus?", "Nina", 40)
    shop.write("Tem garagem coberta?", "Nina", 40)
    page = visitors().sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/perguntas")
    tyres = page.locator("li.document", has_text="Vocês vendem pneus?")
    expect(tyres).to_contain_text("1 vez")
    assert violations(page) == []

    tyres.get_by_role("button", name="Escrever a resposta").click()
    page.get_by_label("Resposta certa").fill("Não vendemos pneus.")
    page.get_by_role("button", name="Ensinar").click()
    expect(tyres).to_have_count(0)
    expect(page.locator("dl").get_by_text("Não vendemos pneus.")).to_be_visible()

    garage = page.locator("li.document", has_text="Tem garagem coberta?")
    garage.get_by_role("button", name="Novo documento").click()
    expect(page.get_by_label("Nome do arquivo")).to_have_value("tem-garagem-coberta.md")
    page.get_by_label("Texto").fill("# Garagem\n\nA garagem é coberta.")
    page.get_by_role("button", name="Criar o documento").click()
    expect(garage).to_have_count(0)
    page.get_by_label("Estado").select_option("done")
    expect(garage.get_by_role("button", name="Reabrir")).to_be_visible()
    page.goto(f"#/assistentes/{shop.assistant_id}/documentos")
    expect(page.locator("li.document", has_text="tem-garagem-coberta.md")).to_be_visible()
