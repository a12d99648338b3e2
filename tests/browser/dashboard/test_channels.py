"""Channels on the dashboard: connecting and changing them, files, WhatsApp's window, what was not delivered."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.dashboard.shop import ANSWER, Shop
from tests.browser.dashboard.visitor import Visitor
from tests.browser.dashboard.whatsapp import WhatsApp, connect, picture, recording
from tests.fakes.evolution_server import EvolutionServer
from tests.fakes.graph_replies import failing
from tests.fakes.graph_server import GraphServer
from tests.fakes.telegram_server import TelegramServer

_SCRIPT = b"<script>document.title = 'hacked'; alert(1)</script>"
Visit = Callable[..., Visitor]


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with GraphServer() as server:
        yield server


@pytest.fixture
def whatsapp(shop: Shop, graph: GraphServer) -> Iterator[WhatsApp]:
    connected = connect(shop, graph)
    yield connected
    shop.service.http.delete(f"/channels/delete/{connected.channel['_id']}").raise_for_status()


def _open(page: Page, name: str) -> None:
    page.locator(".inbox-list").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()


def test_files_are_shown_played_or_saved_and_never_run(whatsapp: WhatsApp, visitors: Visit) -> None:
    customer = ("Bia", "5513988593500")
    whatsapp.send_file(*customer, "image", picture())
    whatsapp.send_file(*customer, "audio", recording())
    whatsapp.send_file(*customer, "document", b"<!doctype html>" + _SCRIPT, "oferta.html")
    whatsapp.send_file(*customer, "image", b'<svg xmlns="http://www.w3.org/2000/svg">' + _SCRIPT + b"</svg>")
    page = visitors().sign_in("rita@example.com")
    _open(page, "Bia")

    shown = page.get_by_role("img", name="Imagem")
    expect(shown).to_have_count(1)
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 320)
    expect(page.get_by_text("Transcrição: Oi, tudo bem?")).to_be_visible()
    expect(page.locator(".turns")).not_to_contain_text("[")
    page.get_by_role("button", name="Ouvir").click()
    expect(page.locator("audio")).to_have_js_property("duration", 1)
    for name, content in [("oferta.html", b"<!doctype html>"), ("Arquivo", b"<svg")]:
        with page.expect_download() as saved:
            page.get_by_role("button", name=name).click()
        assert saved.value.path().read_bytes().startswith(content)
    expect(page.locator(".turns iframe, .turns object, .turns svg script")).to_have_count(0)
    expect(page.get_by_text("O WhatsApp aceita mensagens por mais 23 h 59 min")).to_be_visible()


def test_what_was_not_delivered_is_sent_again_and_templates_after_the_window(
    whatsapp: WhatsApp, graph: GraphServer, visitors: Visit
) -> None:
    graph.faults.append(failing(131026))
    whatsapp.write("Dora", "5513988593501", "Qual é o prazo de entrega?")
    whatsapp.write("Celso", "5513988593502", "Vocês abrem amanhã?", hours_ago=25)
    page = visitors("desktop", "dark").sign_in("rita@example.com")
    _open(page, "Dora")
    answer = page.locator(".bubble.assistant")
    expect(answer).to_contain_text("Não foi entregue: O contato não pode ser alcançado")
    assert violations(page) == []
    answer.get_by_role("button", name="Enviar de novo").click()
    expect(page.get_by_text("A mensagem está a caminho de novo.")).to_be_visible()
    expect(answer.locator(".delivery.accepted")).to_be_attached()
    expect(answer.get_by_role("button", name="Enviar de novo")).to_have_count(0)
    assert [one["text"]["body"] for one in graph.sent] == [ANSWER]

    _open(page, "Celso")
    expect(page.get_by_text("A janela de 24 horas do WhatsApp fechou.")).to_be_visible()
    page.get_by_role("button", name="Enviar um modelo aprovado").click()
    dialog = page.get_by_role("dialog", name="Enviar um modelo aprovado")
    expect(dialog.get_by_label("Valor de 1")).to_have_value("Celso")
    dialog.get_by_label("Valor de 2").fill("77")
    expect(dialog.get_by_text("Olá Celso, seu pedido 77 chegou.")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Enviar o modelo").click()
    expect(page.locator(".bubble.person")).to_contain_text("Olá Celso, seu pedido 77 chegou.")
    expect(page.locator(".bubble.person .delivery.accepted")).to_be_attached()
    field = page.get_by_role("textbox", name="Mensagem", exact=True)
    field.fill("Fica para depois")
    field.press("Enter")
    expect(page.locator(".bubble.person").last).to_contain_text("Espera o cliente escrever de novo")


def test_a_paused_channel_works_again_with_a_new_token(
    whatsapp: WhatsApp, shop: Shop, graph: GraphServer, visitors: Visit
) -> None:
    graph.access_token = "EAAJnew0987654321token"
    shop.service.http.post(f"/channels/check/{whatsapp.channel['_id']}").raise_for_status()
    page = visitors().sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/canais")
    card = _card(page, "WhatsApp da loja")
    expect(card).to_contain_text("parado")
    card.get_by_role("button", name="Editar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("O WhatsApp recusa o token de acesso")
    token, version = dialog.get_by_label("Token de acesso"), dialog.get_by_label("Versão da Graph API")
    expect(token).to_have_value("")
    expect(token).to_have_accessible_description("Vazio: fica como está. O valor guardado nunca é mostrado.")
    token.fill(graph.access_token)
    dialog.get_by_text("Mais opções").click()
    version.fill("25")
    dialog.get_by_label("Mensagens automáticas do celular").fill("Estamos fechados.\nBoas festas!")
    dialog.get_by_text("Mais opções").click()
    dialog.get_by_role("button", name="Salvar").click()
    expect(version).to_have_attribute("aria-invalid", "true")
    expect(version).to_be_in_viewport()
    expect(version).to_have_accessible_description(re.compile("v25.0. Vazio: a do serviço. .*v25.0"))
    assert violations(page) == []
    version.fill(graph.version)
    dialog.get_by_role("button", name="Salvar").click()
    _checked(page, "O token vale")
    expect(card).not_to_contain_text("parado")
    assert _options(shop, whatsapp.channel)["automatic_messages"] == "Estamos fechados.\nBoas festas!"
    whatsapp.write("Elis", "5513988593503", "Qual é o prazo de entrega?")
    page.goto("#/conversas")
    _open(page, "Elis")
    expect(page.locator(".bubble.assistant .delivery.accepted")).to_be_attached()
    assert [one["text"]["body"] for one in graph.sent] == [ANSWER]


def test_a_text_in_doubt_is_listed_or_put_aside(whatsapp: WhatsApp, shop: Shop, visitors: Visit) -> None:
    whatsapp.write("Gil", "5513988593504", "Bom dia")
    whatsapp.answer_on_phone("5513988593504", "Já volto.")
    page = visitors().sign_in("ana@example.com")
    _open(page, "Gil")
    expect(page.locator(".turns")).to_contain_text("Já volto.")
    page.goto(f"#/assistentes/{shop.assistant_id}/canais")
    card, dialog = _card(page, "WhatsApp da loja"), page.get_by_role("dialog")
    expect(card).to_contain_text("Já volto.")
    card.get_by_role("button", name="Editar").click()
    expect(dialog).to_contain_text("Já volto.")
    expect(dialog.get_by_label("Mensagens automáticas do celular")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Salvo.")).to_be_visible()
    expect(card).to_be_visible()
    expect(card).not_to_contain_text("Já volto.")


def test_a_sites_pages_are_changed_and_its_line_copied_again(shop: Shop, visitors: Visit) -> None:
    wanted = {"assistant_id": shop.assistant_id, "kind": "web", "name": "Vitrine", "origins": "https://a.example"}
    channel = shop.service.http.post("/channels/add", json=wanted | {"title": "Vitrine"}).json()
    visitor = visitors("phone")
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/canais")
    card, dialog = _card(page, "Vitrine"), page.get_by_role("dialog")
    card.get_by_role("button", name="Editar").click()
    origins = dialog.get_by_label("Páginas permitidas")
    expect(origins).to_have_value("https://a.example")
    origins.fill("https://b.example\nhttps://c.example/loja")
    dialog.get_by_role("button", name="Salvar").click()
    expect(origins).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    card.get_by_role("button", name="Editar").click()
    expect(origins).to_have_value("https://b.example\nhttps://c.example/loja")
    origins.fill("https://b.example\nhttps://c.example")
    dialog.get_by_label("Título da janela").fill("")
    dialog.get_by_label("Nome do canal").fill("Vitrine nova")
    dialog.get_by_role("button", name="Salvar").click()
    card = _card(page, "Vitrine nova")
    card.get_by_role("button", name="Copiar: Código para o site").click()
    expect(page.get_by_text("Copiado.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == channel["script"]
    changed = {"origins": "https://b.example\nhttps://c.example", "title": "Atendimento"}
    assert _options(shop, channel) == channel["options"] | changed
    shop.service.http.delete(f"/channels/delete/{channel['_id']}").raise_for_status()


def _card(page: Page, name: str) -> Locator:
    return page.locator("article", has=page.get_by_role("heading", name=name))


def _options(shop: Shop, channel: dict[str, Any]) -> dict[str, str]:
    return dict(shop.service.http.get(f"/channels/get/{channel['_id']}").json()["options"])


def test_each_kind_is_connected_by_the_wizard_and_checked(shop: Shop, graph: GraphServer, visitors: Visit) -> None:
    visitor = visitors()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.sign_in("ana@example.com")
    page.goto(f"#/assistentes/{shop.assistant_id}/canais")
    with EvolutionServer() as evolution, TelegramServer(https_only=False) as telegram:
        evolution.add("matriz", "connecting")
        _connect_site(page)
        _connect_telegram(page, telegram)
        _connect_evolution(page, evolution)
        _connect_meta(page, graph)
        assert violations(page) == []
        for name in ("Loja no site", "Telegram", "WhatsApp (Evolution API)", "WhatsApp (Meta Cloud API)"):
            card = page.locator("article", has=page.get_by_role("heading", name=name))
            card.get_by_role("button", name="Excluir").click()
            page.get_by_role("dialog").get_by_role("button", name="Excluir o canal").click()
            expect(card).to_have_count(0)


def _begin(page: Page, kind: str) -> None:
    page.get_by_role("button", name="Conectar um canal").click()
    page.get_by_role("button", name=kind).click()
    expect(page.get_by_label("Nome do canal")).to_be_focused()


def _connect(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_role("dialog").get_by_label(label.replace("_", " "), exact=True).fill(value)
    page.get_by_role("button", name="Conectar e verificar").click()


def _checked(page: Page, *wanted: str) -> None:
    dialog = page.get_by_role("dialog", name="Verificação de")
    for text in wanted:
        expect(dialog).to_contain_text(text)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def _connect_site(page: Page) -> None:
    _begin(page, "Site")
    _connect(page, Nome_do_canal="Loja no site", Páginas_permitidas="ftp://loja", Saudação="Olá!")
    wrong = page.get_by_role("dialog").get_by_label("Páginas permitidas")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_value("ftp://loja")
    _connect(page, Páginas_permitidas="https://www.loja.example", Título_da_janela="Loja")
    _checked(page, "Nenhuma página da lista carregou a janela ainda.", "Cole a linha do canal no site")
    card = page.locator("article", has=page.get_by_role("heading", name="Loja no site"))
    card.get_by_role("button", name="Copiar: Código para o site").click()
    expect(page.get_by_text("Copiado.")).to_be_visible()
    assert "/widget.js" in page.evaluate("navigator.clipboard.readText()")
    card.get_by_role("button", name="Editar").click()
    greeting = page.get_by_role("dialog").get_by_label("Saudação")
    expect(greeting).to_have_value("Olá!")
    greeting.fill("Boas-vindas!")
    page.get_by_role("dialog").get_by_role("button", name="Salvar").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def _connect_telegram(page: Page, telegram: TelegramServer) -> None:
    _begin(page, "Telegram")
    page.get_by_text("Mais opções").click()
    _connect(page, Token_do_robô=telegram.token, Endereço_da_API_do_provedor=telegram.url)
    _checked(page, "O token vale", "O webhook está configurado")


def _connect_evolution(page: Page, evolution: EvolutionServer) -> None:
    _begin(page, "Evolution")
    page.get_by_label("Endereço do servidor").fill(evolution.url)
    page.get_by_label("Chave da API").fill(evolution.api_key)
    page.get_by_role("button", name="Mostrar o que existe nesta conta").click()
    page.get_by_role("button", name="matriz").click()
    expect(page.get_by_label("Instância")).to_have_value("matriz")
    _connect(page)
    code = page.get_by_role("dialog", name="Código QR")
    expect(code.get_by_role("img", name="Código QR")).to_be_attached()
    evolution.instances["matriz"].state = "open"
    expect(code.get_by_text("O celular está conectado.")).to_be_visible()
    page.keyboard.press("Escape")


def _connect_meta(page: Page, graph: GraphServer) -> None:
    _begin(page, "Meta Cloud")
    page.get_by_text("Mais opções").click()
    page.get_by_label("Endereço da API do provedor").fill(graph.url)
    page.get_by_label("ID do aplicativo").fill(graph.app_id)
    page.get_by_label("Chave secreta do aplicativo").fill(graph.app_secret)
    page.get_by_label("Token de acesso").fill(graph.access_token)
    page.get_by_role("button", name="Mostrar o que existe nesta conta").click()
    page.get_by_role("button", name="4002-8922").click()
    expect(page.get_by_label("ID do número de telefone")).to_have_value(graph.number_id)
    _connect(page)
    _checked(page, "Nada chegou por este canal ainda.", "O número está registrado")
