"""Which messages ask for a person, and which only speak of one."""

import subprocess
import sys
import time
import unicodedata

import pytest

from app.services.handover_intent import examples, wants_person
from app.services.handover_intent.intent import example_like
from tests.unit.services.handover_intent import held_out

ASKS = r"""
quero falar com um atendente
Quero falar com uma pessoa
QUERO FALAR COM ATENDENTE!!!
quero fala com atendente
qro flr c um atendente
qro falar c/ atendente pf
quero falar com um atendete
quero falar com antendente
kero falar com um atendnte
quero falar com uma pesoa
atendente
Atendente.
ATENDENTEEEE
atendente por favor
Atendente, por favor!
atendente pfv
um atendente pf
atendimento humano
Boa tarde, atendimento humano por favor
suporte humano
humano
ser humano
pessoa de verdade
falar com atendente
Falar com um atendente por favor
falar com alguém da equipe
oi, falar com um humano
Olá, bom dia! Gostaria de falar com um atendente.
bom dia quero falar com um atendente
tem como falar com alguém de verdade?
tem como eu falar com um atendente?
teria como falar com uma pessoa pfv
dá pra falar com um humano?
da p falar com alguem
é possível falar com um atendente?
seria possível falar com alguém do suporte?
posso falar com um humano?
Posso falar com alguém?
posso falar com outra pessoa?
eu poderia falar com um atendente, por gentileza?
consigo falar com um atendente por aqui?
gostaria de saber se posso falar com um atendente
será que posso falar com uma pessoa?
como faço pra falar com um atendente?
como falo com um atendente
o que eu faço pra falar com uma pessoa de verdade?
me passa pra um humano
me passa um atendente
me passa p/ um atendente
vc pode me passar pra um atendente?
pode me transferir para uma pessoa?
me transfere para o suporte humano
Transfere para um atendente, por favor
transferir para atendente
poderia me encaminhar para o atendimento humano?
me coloca em contato com um atendente
me coloca pra falar com uma pessoa
quero que me transfira para um atendente
chama um atendente aí
Chame o gerente
pode chamar alguém da equipe?
chama o responsável por favor
gostaria de ser atendido por uma pessoa
quero ser atendida por um humano
gostaria de ser transferida para um atendente
não quero falar com robô, quero uma pessoa
não quero falar com robô quero uma pessoa
nao quero robo quero atendente
chega de robô! quero falar com gente de verdade
isso é um robô? prefiro falar com uma pessoa
prefiro um atendente
prefiro atendimento humano
preciso de um atendente
preciso de um atendente humano urgente
preciso de um atendente pra me ajudar
quero atendimento humano
solicito atendimento humano
preciso falar com o gerente
quero falar com o gerente da loja
quero falar com o responsável pelo financeiro
queria falar com o supervisor de vocês
quero falar com um vendedor
quero falar com alguém sobre meu pedido
preciso falar com alguém urgente
quero falar com um atendente sobre meu pedido que veio errado
quero falar com um atendente porque ninguém resolve nada
quero um atendente meu pedido não chegou
não entendi nada quero falar com um atendente
não consegui resolver, preciso falar com alguém do suporte
ainda não resolvi meu problema. Quero falar com um atendente
já falei que quero falar com um atendente
já disse que preciso falar com um humano
não aguento mais quero um humano
Quero cancelar e quero falar com um atendente
oi\ntudo bem?\nquero falar com um atendente
meu pedido não chegou\natendente
Meu pedido chegou quebrado. Como resolvo? Me passa um atendente
estou tentando falar com um atendente desde ontem
a gente quer falar com um atendente
vcs podem me passar pra um atendente?
eu quero falar é com gente de verdade
*Quero falar com um atendente* 😡
queria falar com alguém do financeiro
exijo falar com um responsável
algum atendente pode me atender?
quero que um atendente me ligue
peça para um atendente me chamar
deixa eu falar com um humano
queria falar com um atendente antes de comprar
quero falar com uma pessoa que entenda do assunto
quero falar com um humano e não com uma máquina
gostava de falar com uma pessoa
pode passar-me a um operador humano?
queria falar com um assistente humano, se faz favor
gostaria de entrar em contacto com um operador
quiero hablar con una persona
Quisiera hablar con un agente por favor
¿puedo hablar con un humano?
necesito hablar con alguien
pásame con un agente
me puedes pasar con una persona real?
atención humana
I want to talk to a human
I'd like to speak to a real person please
can I speak to an agent?
can i talk to someone from support
let me talk to a person
connect me to a human agent
transfer me to an agent please
could you connect me with a representative?
I need to speak with your manager
how do I talk to a human?
human agent
real person please
quero tirar uma dúvida com alguém da loja
quero fechar a compra com um vendedor
Não adianta, você não entende. Quero uma pessoa!
isso é um robô? quero uma pessoa
liga pra mim no 11 99999-0000
solicito que meu caso seja encaminhado a um responsável
posso falar com um de vocês?
pode passar o meu atendimento para o financeiro?
não tem ninguém de carne e osso pra conversar?
"""

DOES_NOT_ASK = r"""
o atendente disse que chegaria hoje
falei com um atendente ontem e ele prometeu desconto
ontem um atendente me ligou
um atendente de vocês me passou outro preço
já estou falando com um atendente
estou falando com um humano?
você é um humano ou um robô?
vc é uma pessoa de verdade?
qual o horário do atendimento humano?
atendimento humano funciona no sábado?
atendimento humano, qual o horário?
vocês têm atendentes no sábado?
tem atendimento humano?
até que horas tem atendente?
que horas posso falar com um atendente?
quando posso falar com um atendente?
posso falar com um atendente no domingo?
posso falar com um atendente por telefone depois das 18h?
consigo falar com um atendente amanhã?
qual o telefone para falar com um atendente?
quanto custa para falar com um atendente?
quero saber o horário do atendimento humano
quero saber se tem atendente no feriado
não quero falar com atendente
Nao quero falar com um atendente, só me diz o preço
não preciso falar com atendente
não precisa de atendente
não precisa me passar pra um atendente
não precisa chamar atendente
não me transfere para atendente
nao quero atendimento humano
quero atendente não
nem quero falar com atendente
não acho que preciso falar com um atendente
não sei se quero falar com um atendente
quem disse que quero falar com atendente?
nunca consigo falar com um atendente
preciso falar com um atendente para cancelar?
por que preciso falar com um atendente pra trocar a senha?
é preciso falar com um atendente para trocar?
se eu precisar, posso falar com um atendente?
se não resolver quero falar com um atendente
quando quero falar com um atendente, o que faço?
caso dê errado posso falar com alguém?
o site diz que posso falar com um atendente
a opção falar com atendente não funciona
falar com atendente não funciona
falar com atendente é impossível
queria falar com um atendente mas já resolvi
quero falar com um atendente\ndeixa pra lá
ele quer falar com um atendente
quem pode falar com o atendente?
o robô me passa pra um atendente e a ligação cai
oi atendente
Bom dia, atendente!
Atendente, qual o preço do frete?
Obrigado, atendente
atendente Maria
o atendente
sou atendente
cadê o nome do atendente no recibo?
quero elogiar o atendente
quero reclamar do atendente
gostaria de avaliar o atendimento
quero o nome do atendente
quero o telefone do gerente
me passa o contato de um atendente
como faço para ser atendente de vocês?
quero ser atendente
vaga de atendente
tem vaga para atendente?
quero me candidatar à vaga de atendente
preciso de um atendente para minha loja
quero um atendente de caixa com experiência
quero contratar um atendente
quero um atendente virtual para minha empresa
quero falar com o atendente virtual
quero um robô aspirador
quero falar com o robô
atendente de farmácia ganha quanto?
quanto custa o plano para uma pessoa?
quero um quarto para uma pessoa
quero o plano de uma pessoa
quero uma pessoa
uma pessoa
1 pessoa
pessoa
quero para uma pessoa só
preciso de uma pessoa para limpar minha casa
preciso de alguém para consertar a geladeira
quero pessoa jurídica
pessoa física
quero falar com pessoa jurídica
posso transferir para outra pessoa?
quero transferir o ingresso para outra pessoa
pode transferir para outra pessoa?
posso levar outra pessoa?
posso mandar alguém retirar?
pode chamar alguém para retirar?
alguém pode retirar por mim?
uma pessoa pode me ajudar a carregar?
outra pessoa pode assinar?
um humano pode usar essa ração?
esse remédio é para humano?
faz mal para humanos?
quero cabelo humano
a mesa é para 4 pessoas
serve quantas pessoas?
recursos humanos
o plano inclui suporte humano?
quero um plano com suporte humano
quero suporte humano no plano básico
quero falar sobre meu pedido
quero falar com vocês sobre uma parceria
preciso falar com meu marido antes
preciso falar com meu gerente
preciso falar com minha equipe primeiro
preciso falar com uma pessoa antes de fechar
preciso falar com uma pessoa, já volto
preciso falar com uma pessoa e te aviso
preciso falar com o gerente aqui antes de decidir
preciso falar com alguém da minha família
preciso falar com o dono da casa
vou falar com o gerente e te aviso
vou falar com uma pessoa aqui
quero falar com alguém que já comprou esse produto
o gerente está na loja?
o gerente pediu nota fiscal
quem é o gerente?
o atendente falou: quero falar com o gerente
preciso de ajuda com um atendente que me tratou mal
quero ajuda com uma pessoa
quero falar com uma pessoa surda
quero um agente de viagens
preciso falar com o gerente do meu banco
tem como transferir a titularidade para outra pessoa?
fui mal atendido por um atendente
prefiro um robô a um atendente
queria falar com o atendente ontem mas estava fechado
eu estava tentando falar com um atendente
o que preciso falar com o atendente
preciso de atendente ou faço sozinho
deixa um atendente avisado
quero humanos
sou o gerente da loja
ninguém da equipe respondeu
alguém
tem alguém aí?
is a human included?
is this safe for human use?
I want human hair
are you a human?
I don't want to talk to a human
do I need to talk to an agent to cancel?
I talked to an agent yesterday
I want to become an agent
what hours can I talk to an agent?
I need someone to fix my sink
no quiero hablar con un agente
hablé con una persona ayer
habitación para una persona
¿necesito hablar con un agente para cancelar?
quero comprar com cartão
quero fechar com desconto
quero continuar com o plano
quero seguir com a compra
quero tirar uma dúvida com relação ao frete
quero resolver com pix
queria negociar com juros menores
gostaria de reclamar com relação ao prazo
quero conexão com internet
I want contact lenses
quero tratar com antibiótico
preciso de um profissional para pintar a casa
me arruma um desconto
me liga quando o pedido sair
meu número é 11 98888-7777
encaminha o boleto pro financeiro
não tem ninguém pra receber
o robô aspirador não resolve. Quero outro
não quero pessoa física. Me passa o preço
oi
tudo bem?
qual o prazo?
quero
👍
"""


def _messages(table: str) -> list[str]:
    return [line.replace("\\n", "\n") for line in table.strip().splitlines()]


@pytest.mark.parametrize("message", _messages(ASKS))
def test_a_plain_request_for_a_person_is_recognised(message: str) -> None:
    assert wants_person(message)


@pytest.mark.parametrize("message", _messages(DOES_NOT_ASK))
def test_a_message_that_only_speaks_of_persons_is_left_to_the_model(message: str) -> None:
    assert not wants_person(message)


def _examples(sentences: str) -> list[str]:
    return [line.replace("…", " ") for line in sentences.split("\n") if line and not line.startswith("#")]


@pytest.mark.parametrize("sentences", [examples.ASKS, examples.ASKS_ALONE], ids=["anywhere", "alone"])
def test_every_example_of_a_request_is_one(sentences: str) -> None:
    assert [line for line in _examples(sentences) if not wants_person(line)] == []


@pytest.mark.parametrize(
    "sentences",
    [examples.DOES_NOT_ASK, examples.DOES_NOT_ASK_ALONE, examples.WITHDRAWN],
    ids=["no", "alone", "withdrawn"],
)
def test_every_example_of_something_else_is_none(sentences: str) -> None:
    assert [line for line in _examples(sentences) if wants_person(line)] == []


def test_nine_of_ten_held_out_requests_are_recognised() -> None:
    sentences = _messages(held_out.ASKS)
    missed = [sentence for sentence in sentences if not wants_person(sentence)]

    assert len(sentences) >= 150
    assert len(missed) <= len(sentences) / 10, missed


def test_no_held_out_sentence_is_taken_for_a_request() -> None:
    sentences = _messages(held_out.DOES_NOT_ASK)

    assert len(sentences) >= 150
    assert [sentence for sentence in sentences if wants_person(sentence)] == []


@pytest.mark.parametrize(
    ("message", "example"),
    [
        ("Bom dia! Gostaria de conversar c/ o gerente sobre o meu pedido.", "quero falar com"),
        ("oi, vc pode me transferir p uma pessoa de vdd?", "posso me transferir para alguém"),
        ("qro um atendnte meu pedido n chegou", "quero atendente"),
        ("kd o vendedorrrr", "cadê gerente."),
        ("qual o preço?", None),
    ],
)
def test_the_example_that_decided_can_be_told(message: str, example: str | None) -> None:
    assert example_like(message) == example


@pytest.mark.parametrize("message", ["", " \n\t ", "?!...,;", "\n" * 4096])
def test_nothing_said_is_no_request(message: str) -> None:
    assert not wants_person(message)


@pytest.mark.parametrize("message", _messages(ASKS))
def test_letter_case_and_accents_make_no_difference(message: str) -> None:
    assert wants_person(message.upper())
    assert wants_person(unicodedata.normalize("NFD", message))


def test_a_request_is_found_at_the_end_of_a_long_message() -> None:
    assert wants_person("Meu pedido chegou errado e a caixa veio aberta. " * 80 + "Quero falar com um atendente.")
    assert wants_person("meu pedido chegou errado e a caixa veio aberta " * 80 + "quero falar com um atendente")


@pytest.mark.parametrize(
    "repeated",
    [
        "quero ",
        "quero falar com ",
        "nao ",
        "nao quero que ",
        "se ",
        "robo ",
        "oi ",
        "bom dia ",
        "pode ",
        "posso falar com uma ",
        "me passa para o ",
        "a",
        "aá",
        " ",
        ",",
        ".",
        "?",
        "quero falar com alguém que ",
        "preciso? ",
        "e preciso ",
        "atend",
        "se quero falar com ",
        "robô ",
        "oi atendimento ",
        "estou ",
        "\u0301",
    ],
)
def test_the_time_has_a_bound(repeated: str) -> None:
    """A message 50 times WhatsApp's longest; a quadratic expression would take minutes."""
    message = (repeated * 204_800)[:204_800]
    started = time.process_time()
    wants_person(message)
    assert time.process_time() - started < 10


def test_many_first_messages_at_once_learn_once() -> None:
    """Learning in each of 16 threads would take 16 times as long."""
    script = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from app.services.handover_intent import intent\n"
        "with ThreadPoolExecutor(16) as pool: list(pool.map(intent.wants_person, ['oi'] * 16))\n"
        "print(intent._built.cache_info().misses)"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout

    assert output.split() == ["1"]


def test_what_is_prepared_is_not_learnt_by_the_first_message() -> None:
    script = (
        "from app.services.handover_intent import intent, prepare\n"
        "prepare()\n"
        "intent.Classifier = None\n"
        "print(intent.wants_person('quero falar com um atendente'))"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout

    assert output.split() == ["True"]


LONG = "O pedido chegou com a caixa amassada e faltava uma peça. " * 40


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (f"Quero falar com um atendente. {LONG}", True),
        (f"{LONG}Quero falar com um atendente.", True),
        (f"{LONG}Quero falar com um atendente", True),
        (LONG, False),
        (f"{LONG}Não quero {'muito ' * 90}falar com um atendente", False),
    ],
)
def test_of_a_long_message_both_ends_are_read(text: str, asks: bool) -> None:
    assert wants_person(text) is asks
