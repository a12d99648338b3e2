"""Which answers say that the assistant does not know."""

import pytest

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.services.unanswered import is_unanswered


def answer(text: str, **more: str | None) -> Answer:
    return Answer(text, Tokens(1, 1), "gpt-5-mini", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Não tenho essa informação. Posso encaminhar a uma pessoa da equipe?",
        "Desculpe, mas não encontrei informações sobre isso nos documentos.",
        "Não encontrei essa informação nos documentos. Você pode perguntar de outra forma?",
        "Infelizmente não sei informar o prazo para Manaus.",
        "Não consigo confirmar o horário.",
        "NAO SEI.",
        "Essa informação não está disponível.",
        "I'm sorry, I don't have that information.",
        "I couldn't find details about that.",
        "Lo siento, no tengo información sobre eso.",
    ],
)
def test_it_does_not_know(text: str) -> None:
    assert is_unanswered(answer(text))


@pytest.mark.parametrize(
    "text",
    [
        "A entrega leva três dias úteis.",
        "Não temos loja física, só vendemos pela internet.",
        "Não há taxa de entrega.",
        "Não encontrei problemas no seu pedido.",
        "Não é necessário levar documentos.",
        "No, we do not deliver on Sundays.",
        "Não.",
        "",
    ],
)
def test_it_knows(text: str) -> None:
    assert not is_unanswered(answer(text))


def test_what_comes_later_only_qualifies_an_answer() -> None:
    assert not is_unanswered(answer("O prazo é de três dias úteis. " * 10 + "Não tenho informações sobre Manaus."))


def test_a_model_that_calls_a_person_does_not_know_and_a_customer_who_asks_for_one_is_answered() -> None:
    assert is_unanswered(answer("", handover_reason="Não sei."))
    assert not is_unanswered(Answer("", Tokens(), None, handover_reason="O cliente pediu."))
