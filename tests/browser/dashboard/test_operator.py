"""An operator's day: who waits, taking over, writing, a colleague, a bad line, an expired token."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard.conftest import ANSWER, Shop, Visitor

_HOSTILE = '</p></article><img src=x onerror="alert(1)"><script>alert(2)</script><b>oi</b>'
Visit = Callable[..., Visitor]


def _open(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()


def _write(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Mensagem", exact=True)
    field.fill(text)
    field.press("Enter")


def test_a_customer_who_waits_is_seen_and_answered(shop: Shop, visitors: Visit, size: str) -> None:
    number, name = (1, "Beatriz") if size == "desktop" else (2, "Caio")
    page = visitors(size).sign_in("rita@example.com")
    expect(
        page.get_by_text("Escolha uma conversa") if size == "desktop" else page.get_by_role("search")
    ).to_be_visible()

    shop.write("Qual é o prazo de entrega?", name, number)
    shop.write("Quero falar com um atendente.", name, number)

    expect(page.locator("nav .count")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    row = page.get_by_role("link", name=name)
    expect(row).to_contain_text("Espera uma pessoa")
    _open(page, name)
    expect(page.get_by_text(ANSWER)).to_be_visible()
    expect(page.get_by_text("Passou para uma pessoa")).to_be_visible()
    _write(page, "Oi, aqui é a Rita.")
    expect(page.locator(".bubble.person", has_text="Oi, aqui é a Rita.")).to_be_visible()
    expect(page.locator(".outgoing li")).to_have_count(0)
    expect(page.locator(".conversation-head .chip")).to_have_text("Pessoa")


def test_what_a_customer_wrote_is_text(shop: Shop, visitors: Visit) -> None:
    shop.write(_HOSTILE, "<b>Eve</b>", 3)
    page = visitors().sign_in("rita@example.com")

    _open(page, "<b>Eve</b>")

    expect(page.locator(".bubble.customer .text")).to_have_text(_HOSTILE)
    expect(page.locator(".turns img, .turns script, .turns b")).to_have_count(0)


def test_the_composer_is_locked_while_the_assistant_answers(shop: Shop, visitors: Visit) -> None:
    shop.write("Bom dia!", "Débora", 4)
    page = visitors().sign_in("rita@example.com")
    _open(page, "Débora")
    field = page.get_by_role("textbox", name="Mensagem", exact=True)

    expect(field).to_have_attribute("readonly", "")
    page.get_by_role("button", name="Assumir a conversa").last.click()
    expect(field).to_be_editable()
    field.fill("Um rascunho")
    page.reload()
    expect(field).to_have_value("Um rascunho")
    page.get_by_role("button", name="Devolver ao assistente").click()
    expect(field).not_to_be_editable()
    expect(field).to_have_value("Um rascunho")


def test_a_source_shows_its_passage(shop: Shop, visitors: Visit) -> None:
    shop.write("Qual é o prazo de entrega?", "Fábio", 5)
    page = visitors().sign_in("rita@example.com")
    _open(page, "Fábio")

    page.get_by_role("button", name="loja.md").first.click()

    dialog = page.get_by_role("dialog", name="loja.md")
    expect(dialog.get_by_text("O prazo de entrega é de 5 dias úteis.").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_wrong_answer_is_corrected(shop: Shop, visitors: Visit) -> None:
    shop.write("Vocês entregam no domingo?", "Gil", 6)
    page = visitors().sign_in("rita@example.com")
    _open(page, "Gil")

    page.get_by_role("button", name="Resposta errada?").first.click()
    page.get_by_label("Resposta certa").fill("Não entregamos aos domingos.")
    page.get_by_role("button", name="Ensinar").click()

    expect(page.get_by_text("O assistente aprendeu a resposta certa.")).to_be_visible()
    entries = shop.service.http.get(f"/corrections/get/{shop.assistant_id}").json()["entries"]
    assert {"question": "Vocês entregam no domingo?", "answer": "Não entregamos aos domingos."} in entries


def test_two_operators_see_each_other(shop: Shop, visitors: Visit) -> None:
    shop.write("Olá!", "Hugo", 7)
    rita, ana = visitors().sign_in("rita@example.com"), visitors().sign_in("ana@example.com")
    for page in (rita, ana):
        _open(page, "Hugo")

    rita.get_by_role("button", name="Assumir a conversa").last.click()
    rita.get_by_role("textbox", name="Mensagem", exact=True).fill("Estou es")

    expect(ana.get_by_text("Rita está escrevendo…")).to_be_visible()
    expect(ana.get_by_role("button", name="Devolver ao assistente")).to_be_visible()
    _write(rita, "Olá, Hugo!")
    expect(ana.locator(".bubble.person", has_text="Olá, Hugo!")).to_be_visible()


def test_notes_and_canned_replies(shop: Shop, visitors: Visit) -> None:
    shop.write("Olá!", "Inês", 8)
    reply = {"shortcut": "oi", "text": "Olá, {{nome}}! Aqui é a Rita."}
    shop.service.http.post(f"/assistants/cannedReplies/{shop.assistant_id}", json=reply).raise_for_status()
    page = visitors().sign_in("rita@example.com")
    _open(page, "Inês")
    page.get_by_role("button", name="Assumir a conversa").last.click()
    field = page.get_by_role("textbox", name="Mensagem", exact=True)
    expect(field).to_be_editable()

    field.press_sequentially("/o")
    expect(page.get_by_role("listbox", name="Respostas prontas").get_by_role("option")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("Olá, Inês! Aqui é a Rita.")

    field.fill("Cliente antiga.")
    page.get_by_label("Nota privada").check()
    page.get_by_role("button", name="Guardar a nota").click()
    expect(page.get_by_text("Cliente antiga.")).to_be_visible()
    expect(page.locator(".bubble.person")).to_have_count(0)


def test_a_bad_line_loses_nothing_and_sends_once(shop: Shop, visitors: Visit) -> None:
    shop.write("Olá!", "Joana", 9)
    visitor = visitors()
    page = visitor.sign_in("rita@example.com")
    _open(page, "Joana")
    page.get_by_role("button", name="Assumir a conversa").last.click()
    expect(page.get_by_role("textbox", name="Mensagem", exact=True)).to_be_editable()

    visitor.context.set_offline(True)
    _write(page, "Chegou?")
    expect(page.get_by_text("Sem contato com o serviço.")).to_be_visible()
    expect(page.locator(".outgoing li")).to_have_count(1)
    visitor.context.set_offline(False)
    again = page.locator(".outgoing").get_by_role("button", name="Tentar de novo")
    expect(page.locator(".turns .bubble.person", has_text="Chegou?").or_(again)).to_be_visible()
    if again.is_visible():
        again.click()

    expect(page.locator(".turns .bubble.person", has_text="Chegou?")).to_have_count(1)
    expect(page.locator(".outgoing li")).to_have_count(0)
    expect(page.get_by_text("Sem contato com o serviço.")).to_be_hidden()


def test_an_expired_token_asks_for_the_password_and_goes_on(shop: Shop, visitors: Visit) -> None:
    shop.write("Olá!", "Kátia", 10)
    page = visitors().sign_in("rita@example.com")
    _open(page, "Kátia")
    page.get_by_role("button", name="Assumir a conversa").last.click()
    field = page.get_by_role("textbox", name="Mensagem", exact=True)
    expect(field).to_be_editable()
    field.fill("Não me perca")

    page.evaluate("sessionStorage.setItem('orquestradora.token', 'expired')")
    dialog = page.get_by_role("dialog", name="A sua sessão venceu")
    dialog.get_by_label("Senha").fill("uma senha comprida")
    dialog.get_by_label("Senha").press("Enter")

    expect(dialog).to_be_hidden()
    expect(field).to_have_value("Não me perca")
    field.press("Enter")
    expect(page.locator(".turns .bubble.person", has_text="Não me perca")).to_be_visible()


@pytest.mark.parametrize("words", ["PRAZO maluco", "prázo"])
def test_a_found_message_is_shown_in_its_place(shop: Shop, visitors: Visit, words: str) -> None:
    shop.write("Que prazo maluco é esse?", "Lia", 11)
    page = visitors().sign_in("rita@example.com")

    page.get_by_role("searchbox").fill(words)
    page.get_by_role("list", name="Mensagens encontradas").get_by_role("link", name="Lia").click()

    expect(page.locator(".turn.found", has_text="Que prazo maluco é esse?")).to_be_in_viewport()
