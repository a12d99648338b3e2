"""The answer without a model: quoted faithfully, or refused plainly."""

import pytest

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens
from app.domain.documents import Passage
from app.knowledge.extractive import ExtractiveAnswerer

POLICY = """## Trocas
O cliente pode trocar qualquer produto em até 30 dias. A etiqueta precisa estar no produto.
## Entrega
Entregamos em todo o Brasil. O frete é grátis acima de R$ 199,00. Na capital leva 2 dias úteis.
## Horário de atendimento
Segunda a sexta: 8h às 18h
Sábado: 9h às 13h
## Formas de pagamento
Aceitamos:
- PIX com 5% de desconto
- Boleto bancário"""

NOTHING_FOUND = "Não encontrei essa informação nos documentos. Você pode perguntar de outra forma?"


def passage(text: str, score: float = 0.9, filename: str = "rag.md") -> Passage:
    return Passage("d1", filename, 0, text, score, dense=0.88, lexical=0.9)


def answer(message: str, *passages: Passage) -> Answer:
    return ExtractiveAnswerer().answer(Question(message, passages=passages), within=30)


def quote(message: str, text: str = POLICY) -> str:
    start, _, quoted = answer(message, passage(text)).text.partition(": ")
    assert start == "Segundo o documento “rag.md”"
    return quoted


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Qual o prazo para trocar um produto?", "O cliente pode trocar qualquer produto em até 30 dias."),
        ("quanto custa o frete", "O frete é grátis acima de R$ 199,00."),
        ("voces entregam no brasil?", "Entregamos em todo o Brasil."),
    ],
)
def test_the_sentence_that_fits_is_quoted(message: str, expected: str) -> None:
    assert expected in quote(message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("o que custa R$1444?", "- Fogão: R$ 1.444,00"),
        ("tem algo de 1299", "- Freezer: 1.299 reais"),
        ("e por 3mil?", "- Geladeira: R$ 3.000,00"),
        ("qual tem dez por cento", "- Micro-ondas: 10% no PIX"),
        ("qual sai por 5 reais", "- Esponja: R$ 5,00"),
        ("qual em 2x de 50", "- Batedeira: 2 vezes de R$ 50,00"),
    ],
)
def test_the_line_with_the_number_is_quoted(message: str, expected: str) -> None:
    text = (
        "- Fogão: R$ 1.444,00\n- Cooktop: R$ 1.440,00\n- Freezer: 1.299 reais\n- Geladeira: R$ 3.000,00\n"
        "- Micro-ondas: 10% no PIX\n- Esponja: R$ 5,00\n- Balde: R$ 15,00\n- Batedeira: 2 vezes de R$ 50,00"
    )

    assert quote(message, text).startswith(expected)


def test_at_most_two_sentences_of_prose_are_quoted() -> None:
    text = "O prazo é de 5 dias. O prazo do Norte é de 9 dias. O prazo do Sul é de 3 dias. Nada mais."

    assert quote("qual o prazo?", text) == "O prazo é de 5 dias. O prazo do Norte é de 9 dias."


def test_what_is_left_out_between_two_sentences_is_marked() -> None:
    text = "A garantia é de um ano. Guarde a caixa. A garantia não cobre quedas."

    assert quote("garantia", text) == "A garantia é de um ano. […] A garantia não cobre quedas."


def test_a_list_comes_with_the_line_before_it() -> None:
    expected = "Aceitamos:\n- PIX com 5% de desconto\n- Boleto bancário"

    assert quote("tem boleto?") == "Aceitamos:\n- Boleto bancário"
    assert quote("vocês aceitam o quê?") == expected
    assert quote("quais as formas de pagamento?") == expected


def test_a_line_says_under_which_heading_it_stands() -> None:
    assert quote("vocês abrem no sábado?") == "Horário de atendimento: Sábado: 9h às 13h"


def test_a_heading_that_fits_brings_what_stands_below_it() -> None:
    assert quote("qual o horário?") == "Horário de atendimento: Segunda a sexta: 8h às 18h\nSábado: 9h às 13h"


def test_a_title_without_marks_brings_what_stands_below_it() -> None:
    text = "Contato\nTelefone: 3222-4455\nE-mail: a@b.com\n\nEndereço\nRua das Flores, 123"

    assert quote("como entro em contato?", text) == "Contato\nTelefone: 3222-4455\nE-mail: a@b.com"


def test_frequent_questions_are_answered_with_their_answers() -> None:
    text = "Qual é o prazo de entrega?\nSão 5 dias úteis. Ao Norte, 12.\nPosso parcelar?\nSim, em até 10 vezes."

    assert quote("qual o prazo de entrega?", text) == "São 5 dias úteis. Ao Norte, 12."
    assert quote("dá para parcelar", text) == "Sim, em até 10 vezes."


def test_a_passage_found_by_meaning_alone_is_quoted_from_its_start() -> None:
    assert (
        quote("how long does it take?", "Leva 2 dias úteis. Ao interior, 5.")
        == "Leva 2 dias úteis. Ao interior, 5."
    )


def test_the_best_passage_is_quoted_and_named_as_the_source() -> None:
    worse = passage("O frete custa R$ 10,00.", 0.7, "antigo.md")
    best = passage("O frete custa R$ 20,00.", 0.8, "novo.md")

    found = answer("quanto custa o frete?", worse, best)

    assert found == Answer(
        "Segundo o documento “novo.md”: O frete custa R$ 20,00.",
        Tokens(0, 0, estimated=False),
        "extractive",
        (best,),
    )


@pytest.mark.parametrize(
    "passages",
    [(), (passage(POLICY, 0.49),), (passage(""),), (passage("## Só título"),)],
    ids=["none", "poor", "empty", "no sentence"],
)
def test_what_is_not_in_the_documents_is_refused(passages: tuple[Passage, ...]) -> None:
    found = answer("qual o CNPJ?", *passages)

    assert (found.text, found.passages) == (NOTHING_FOUND, ())


@pytest.mark.parametrize("message", ["?!…", "👍", "....", "1", "kkkk", "[sticker]"])
def test_a_message_without_a_question_is_not_guessed_at(message: str) -> None:
    assert answer(message, passage(POLICY)).passages == ()


@pytest.mark.parametrize("message", ["", "\x00"])
def test_to_an_empty_message_nothing_is_found(message: str) -> None:
    assert answer(message).text == NOTHING_FOUND


def test_a_doubtful_passage_is_quoted_with_the_doubt() -> None:
    neighbour = passage("O frete para o Sul custa R$ 20,00.", 0.64)

    found = answer("quanto custa o frete para o Norte?", neighbour)

    assert found.text == (
        "Pode não ser a resposta que você procura, mas encontrei isto no documento “rag.md”: "
        "O frete para o Sul custa R$ 20,00."
    )
    assert found.passages == (neighbour,)


def test_the_score_decides_how_sure_an_answer_sounds() -> None:
    sure, unsure = (answer("quanto custa o frete?", passage(POLICY, score)).text for score in (0.65, 0.64))

    assert sure.startswith("Segundo o documento")
    assert unsure.startswith("Pode não ser")


def test_a_passage_with_every_word_of_the_question_leaves_no_doubt() -> None:
    assert answer("tem boleto?", passage(POLICY, 0.5)).text.startswith("Segundo o documento")


@pytest.mark.parametrize(
    ("message", "start"),
    [
        ("oi", "Olá!"),
        ("Olá! Bom dia", "Olá!"),
        ("boa tarde, tudo bem?", "Olá!"),
        ("E aí", "Olá!"),
        ("obrigado", "Por nada!"),
        ("Ok, muito obrigada pela ajuda!!", "Por nada!"),
        ("valeu, até mais", "Por nada!"),
        ("ok", "Certo!"),
    ],
)
def test_small_talk_gets_a_friendly_reply_and_no_document(message: str, start: str) -> None:
    found = answer(message, passage(POLICY))

    assert found.text.startswith(start)
    assert found.passages == ()


@pytest.mark.parametrize("message", ["oi, qual o frete?", "bom dia o frete é grátis?", "obrigado, e o frete"])
def test_a_question_after_a_greeting_is_a_question(message: str) -> None:
    assert "O frete é grátis" in answer(message, passage(POLICY)).text


def test_a_very_long_message_is_answered_too() -> None:
    assert "frete" in answer("oi " * 20_000 + "qual o frete?", passage(POLICY)).text
