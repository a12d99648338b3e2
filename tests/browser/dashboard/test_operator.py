"""An operator's day: who waits, taking over, writing, a colleague, a bad line, an expired token."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.api.crowd import wait_until
from tests.browser.dashboard.shop import ANSWER, Shop
from tests.browser.dashboard.visitor import Visitor
from tests.e2e.service import PASSWORD

_HOSTILE = '</p></article><img src=x onerror="alert(1)"><script>alert(2)</script><b>oi</b>'
_OVERHEARD = """
const told = (name, text) => document.documentElement.setAttribute(`data-${name}`, text);
window.AudioContext = class { constructor() { told("sound", "heard"); throw new Error("silent"); } };
window.Notification = class {
  static permission = "granted";
  static requestPermission = async () => "granted";
  constructor(title) { told("note", title); }
};
Object.defineProperty(document, "hidden", { get: () => Boolean(window.away) });
"""
Visit = Callable[..., Visitor]


def _open(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()


def _field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Mensagem", exact=True)


def _take_over(page: Page) -> None:
    page.get_by_role("button", name="Assumir a conversa").last.click()
    expect(_field(page)).to_be_editable()


def _written(page: Page, text: str) -> Locator:
    return page.locator(".turns .bubble.person", has_text=text)


def test_a_customer_who_waits_is_seen_and_answered(shop: Shop, visitors: Visit, size: str) -> None:
    number, name = (1, "Beatriz") if size == "desktop" else (2, "Caio")
    page = visitors(size).sign_in("rita@example.com")
    expect(page.get_by_role("search")).to_be_visible()
    expect(page.get_by_role("link", name="Administração")).to_have_count(0)

    shop.write("Qual é o prazo de entrega?", name, number)
    shop.write("Quero falar com um atendente.", name, number)

    expect(page.locator("nav .count")).to_be_visible()
    expect(page.get_by_role("link", name=name)).to_contain_text("Espera uma pessoa")
    assert page.title().startswith("(")
    _open(page, name)
    expect(page.locator(".turns").get_by_text(ANSWER)).to_be_visible()
    expect(page.get_by_text("Passou para uma pessoa")).to_be_visible()
    _field(page).fill("Oi, aqui é a Rita.")
    _field(page).press("Enter")
    expect(_written(page, "Oi, aqui é a Rita.")).to_be_visible()
    expect(page.locator(".outgoing li")).to_have_count(0)
    expect(page.locator(".conversation-head .chip")).to_have_text("Pessoa")


def test_messages_are_text_sources_open_and_wrong_answers_are_corrected(shop: Shop, visitors: Visit) -> None:
    shop.write(_HOSTILE, "<b>Eve</b>", 3)
    page = visitors().sign_in("rita@example.com")
    _open(page, "<b>Eve</b>")
    expect(page.locator(".bubble.customer .text")).to_have_text(_HOSTILE)
    expect(page.locator(".turns img, .turns script, .turns b")).to_have_count(0)

    shop.write("Vocês entregam no domingo?", "<b>Eve</b>", 3)
    expect(page.locator(".bubble.customer")).to_have_count(2)
    expect(page.locator(".bubble.assistant")).to_have_count(2)
    page.get_by_role("button", name="loja.md").last.click()
    dialog = page.get_by_role("dialog", name="loja.md")
    expect(dialog.get_by_text("O prazo de entrega é de 5 dias úteis.").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.get_by_role("button", name="Resposta errada?").last.click()
    page.get_by_label("Resposta certa").fill("Não entregamos aos domingos.")
    page.get_by_role("button", name="Ensinar").click()
    expect(page.get_by_text("O assistente aprendeu a resposta certa.")).to_be_visible()
    entries = shop.service.http.get(f"/corrections/get/{shop.assistant_id}").json()["entries"]
    assert {"question": "Vocês entregam no domingo?", "answer": "Não entregamos aos domingos."} in entries


def test_the_composer_keeps_drafts_fills_replies_and_takes_notes(shop: Shop, visitors: Visit) -> None:
    shop.write("Bom dia!", "Débora", 4)
    reply = {"shortcut": "oi", "text": "Olá, {{nome}}! Aqui é a Rita."}
    shop.service.http.post(f"/assistants/cannedReplies/{shop.assistant_id}", json=reply).raise_for_status()
    page = visitors().sign_in("rita@example.com")
    _open(page, "Débora")
    expect(_field(page)).not_to_be_editable()
    _take_over(page)

    _field(page).press_sequentially("/o")
    expect(page.get_by_role("listbox", name="Respostas prontas").get_by_role("option")).to_have_count(1)
    _field(page).press("Enter")
    page.reload()
    expect(_field(page)).to_have_value("Olá, Débora! Aqui é a Rita.")
    page.get_by_role("button", name="Devolver ao assistente").click()
    expect(_field(page)).not_to_be_editable()
    expect(_field(page)).to_have_value("Olá, Débora! Aqui é a Rita.")

    page.get_by_label("Nota privada").check()
    _field(page).fill("Cliente antiga.")
    page.get_by_role("button", name="Guardar a nota").click()
    expect(page.locator(".note").get_by_text("Cliente antiga.")).to_be_visible()
    expect(page.locator(".bubble.person")).to_have_count(0)


def test_two_operators_see_each_other(shop: Shop, visitors: Visit) -> None:
    shop.write("Olá!", "Hugo", 5)
    rita, ana = visitors().sign_in("rita@example.com"), visitors().sign_in("ana@example.com")
    for page in (rita, ana):
        _open(page, "Hugo")

    _take_over(rita)
    _field(rita).fill("Olá, Hugo!")

    expect(ana.get_by_text("Rita está escrevendo…")).to_be_visible()
    expect(ana.get_by_role("button", name="Devolver ao assistente")).to_be_visible()
    _field(rita).press("Enter")
    expect(_written(ana, "Olá, Hugo!")).to_be_visible()

    conversation = rita.url.rpartition("/")[2]
    shop.service.http.delete(f"/conversations/delete/{conversation}").raise_for_status()
    for page in (rita, ana):
        expect(page.get_by_text("Esta conversa foi apagada.")).to_be_visible()
        expect(page.get_by_role("link", name="Hugo")).to_have_count(0)


def test_a_bad_line_and_an_expired_token_lose_nothing(shop: Shop, visitors: Visit) -> None:
    shop.write("Olá!", "Joana", 6)
    visitor = visitors()
    page = visitor.sign_in("rita@example.com")
    _open(page, "Joana")
    _take_over(page)

    visitor.context.set_offline(True)
    _field(page).fill("Chegou?")
    _field(page).press("Enter")
    expect(page.get_by_text("Sem contato com o serviço.")).to_be_visible()
    expect(page.locator(".outgoing li")).to_have_count(1)
    visitor.context.set_offline(False)
    again = page.locator(".outgoing").get_by_role("button", name="Tentar de novo")
    expect(_written(page, "Chegou?").or_(again)).to_be_visible()
    if again.is_visible():
        again.click()
    expect(_written(page, "Chegou?")).to_have_count(1)
    expect(page.get_by_text("Sem contato com o serviço.")).to_be_hidden()

    _field(page).fill("Não me perca")
    page.evaluate("sessionStorage.setItem('orquestradora.token', 'expired')")
    dialog = page.get_by_role("dialog", name="A sua sessão venceu")
    dialog.get_by_label("Senha").fill(PASSWORD)
    dialog.get_by_label("Senha").press("Enter")
    expect(dialog).to_be_hidden()
    expect(_field(page)).to_have_value("Não me perca")
    _field(page).press("Enter")
    expect(_written(page, "Não me perca")).to_have_count(1)


def test_a_found_message_is_shown_in_its_place(shop: Shop, visitors: Visit) -> None:
    shop.write("Que prazo maluco é esse?", "Lia", 11)
    # What was just written is found some two seconds later.
    wait_until(lambda: shop.service.http.get("/chats/search", params={"q": "maluco"}).json())
    page = visitors().sign_in("rita@example.com")

    page.get_by_role("searchbox").fill("PRAZO malúco")
    page.get_by_role("list", name="Mensagens encontradas").get_by_role("link", name="Lia").click()

    expect(page.locator(".turn.found", has_text="Que prazo maluco é esse?")).to_be_in_viewport()


def test_who_waits_is_heard_counted_and_told_unless_that_is_off(shop: Shop, visitors: Visit) -> None:
    visitor = visitors()
    visitor.context.add_init_script(_OVERHEARD)
    page = visitor.sign_in("rita@example.com")
    page.goto("#/conta")
    page.get_by_role("button", name="Permitir notificações do navegador").click()
    expect(page.get_by_text("As notificações estão ligadas.")).to_be_visible()
    page.evaluate("window.away = true")
    shop.write("Quero falar com um atendente.", "Sônia", 7)

    html = page.locator("html")
    expect(html).to_have_attribute("data-note", "Sônia espera por uma pessoa")
    expect(html).to_have_attribute("data-sound", "heard")
    expect(page).to_have_title(re.compile(r"^\([0-9]+\) Conta"))
    count = int(page.locator("nav .count").inner_text())
    assert str(page.locator("link[rel=icon]").get_attribute("href")).startswith("blob:")

    page.get_by_label("Som quando um cliente espera").select_option("Desligado")
    page.reload()
    expect(page.locator("nav .count")).to_have_text(str(count))
    shop.write("Quero falar com um atendente.", "Tomé", 8)
    expect(page.locator("nav .count")).to_have_text(str(count + 1))
    expect(html).not_to_have_attribute("data-sound", "heard")
    expect(page.get_by_label("Som quando um cliente espera")).to_have_value("off")


def test_labels_mark_conversations_and_the_list_is_filtered_by_them(shop: Shop, visitors: Visit) -> None:
    shop.write("Oi", "Ugo", 9)
    shop.write("Oi", "Vera", 10)
    page = visitors().sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/etiquetas")
    page.get_by_role("button", name="Nova etiqueta").click()
    page.get_by_role("dialog").get_by_label("Nome").fill("VIP")
    page.reload()
    page.get_by_role("button", name="Nova etiqueta").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Aqui está o que você tinha digitado")).to_be_visible()
    expect(dialog.get_by_label("Nome")).to_have_value("VIP")
    dialog.get_by_role("button", name="Salvar").click()
    expect(page.locator("td", has_text="VIP")).to_be_visible()

    page.goto("#/conversas")
    _open(page, "Ugo")
    page.get_by_role("complementary").get_by_role("button", name="VIP").click()
    expect(page.locator(".conversation-row", has_text="Ugo").get_by_text("VIP")).to_be_visible()
    page.get_by_label("Etiqueta", exact=True).select_option("VIP")
    expect(page.locator(".conversation-row")).to_have_count(1)
    page.get_by_role("complementary").get_by_role("button", name="VIP").click()
    expect(page.get_by_role("complementary").get_by_role("button", name="VIP", pressed=False)).to_be_visible()
    page.get_by_label("Etiqueta", exact=True).select_option("")
    expect(page.locator(".conversation-row", has_text="Vera")).to_be_visible()
