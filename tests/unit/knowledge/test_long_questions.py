"""What of a long message is searched for."""

import pytest

from app.knowledge.long_questions import searched_part

CHATTER = "Ontem eu liguei três vezes e ninguém atendeu, fiquei meia hora na linha. "
QUESTION = "Qual é o prazo de entrega para Santos?"
MOST = 400


def test_a_short_message_is_searched_whole() -> None:
    message = f"Oi, tudo bem? {CHATTER}{QUESTION}"

    assert searched_part(message) == message


@pytest.mark.parametrize("before", [0, 10, 20])
def test_of_a_long_message_its_question_is(before: int) -> None:
    message = f"Oi, tudo bem?\n{CHATTER * before}{QUESTION} {CHATTER * (20 - before)}"

    assert searched_part(message) == QUESTION


def test_several_questions_stay_in_their_order() -> None:
    second = "E quanto custa o frete para Manaus?"

    assert searched_part(f"{CHATTER * 5}{QUESTION} {CHATTER * 5}{second}") == f"{QUESTION} {second}"


def test_the_last_of_many_questions_count() -> None:
    questions = [f"Qual é o prazo de entrega número {number}?" for number in range(50)]

    found = searched_part(CHATTER * 5 + " ".join(questions))

    assert found.endswith("número 48? Qual é o prazo de entrega número 49?")
    assert "número 10?" not in found


@pytest.mark.parametrize(
    "message",
    ["x" * 4096, "?" * 4096, "a? " * 1300, "palavra " * 500 + "?", CHATTER * 50, "linha\n" * 600, "😀" * 4096],
)
def test_it_is_never_long(message: str) -> None:
    assert 0 < len(searched_part(message)) <= MOST


def test_without_a_question_both_ends_are_searched() -> None:
    found = searched_part(f"Quero trocar um vestido. {CHATTER * 20}Comprei em Santos.")

    assert found.startswith("Quero trocar um vestido.")
    assert found.endswith("Comprei em Santos.")
