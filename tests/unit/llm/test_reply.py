from typing import Any

import pytest

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.llm.prompt import Message
from app.llm.reply import ModelReply, ToolCall, UnusableReplyError, read_answer
from app.llm.thinking import ThinkingStyle

PROMPT = [Message("system", "Seja breve."), Message("user", "Qual o prazo?")]
COUNTED = Tokens(21, 7)


def read(text: str, **values: Any) -> Answer:
    return read_answer(ModelReply(text, **values), PROMPT, "m", ThinkingStyle())


def test_text_model_and_reported_tokens() -> None:
    assert read("5 dias.", tokens=COUNTED) == Answer("5 dias.", COUNTED, "m")


@pytest.mark.parametrize("reported", [None, Tokens(0, 0)])
def test_tokens_are_estimated_when_not_reported(reported: Tokens | None) -> None:
    tokens = read("O prazo é de 5 dias úteis.", tokens=reported).tokens

    assert tokens.estimated
    assert 10 <= tokens.input <= 25
    assert 5 <= tokens.output <= 12


def test_text_is_cleaned() -> None:
    assert read("\n5 \ud83ddias.\x00 ").text == "5 dias."


def test_thinking_in_front_of_an_answer_is_not_sent() -> None:
    assert read("<think>\nO cliente quer…\n</think>\n\n5 dias.").text == "5 dias."


@pytest.mark.parametrize("text", ["", " \n", "\x00\ud800", "<think>hm</think>", "<think>5 dias?"])
def test_an_empty_answer_is_unusable(text: str) -> None:
    with pytest.raises(UnusableReplyError, match="empty"):
        read(text)


@pytest.mark.parametrize("finish_reason", ["length", "max_tokens", "MAX_TOKENS"])
def test_an_answer_at_the_limit_of_tokens_is_sent_up_to_its_last_sentence(finish_reason: str) -> None:
    answer = read("São 5 dias. O prazo é de", finish_reason=finish_reason, tokens=COUNTED)

    assert answer == Answer("São 5 dias.", COUNTED, "m", cut=True)


@pytest.mark.parametrize("text", ["", "<think>O cliente quer saber. Vejamos"])
def test_nothing_but_thinking_before_the_limit_of_tokens_is_unusable(text: str) -> None:
    with pytest.raises(UnusableReplyError, match="limit of output tokens"):
        read(text, finish_reason="length")


def test_a_hand_over_at_the_limit_of_tokens_counts() -> None:
    answer = read("Vou", finish_reason="length", tool_calls=(call(),), tokens=COUNTED)

    assert answer == Answer("", COUNTED, "m", handover_reason="")


@pytest.mark.parametrize(
    "values",
    [
        {"finish_reason": "content_filter"},
        {"finish_reason": "refusal"},
        {"finish_reason": "SAFETY"},
        {"is_refusal": True},
    ],
)
def test_a_withheld_answer_is_unusable(values: dict[str, Any]) -> None:
    with pytest.raises(UnusableReplyError, match="withheld"):
        read("Desculpe", **values)


@pytest.mark.parametrize("finish_reason", ["stop", "STOP", "end_turn", "eos", ""])
def test_other_endings_are_fine(finish_reason: str) -> None:
    assert read("Sim.", finish_reason=finish_reason).text == "Sim."


def call(name: str = "transferir_para_humano", **arguments: Any) -> ToolCall:
    return ToolCall(name, arguments)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"motivo": " Quer um\x00 humano.\n"}, "Quer um humano."),
        ({"motivo": "x" * 501}, "x" * 500),
        ({"motivo": None}, ""),
        ({"motivo": ["a"]}, ""),
        ({"reason": "a"}, ""),
        ({}, ""),
    ],
)
def test_a_hand_over_has_a_clean_reason_and_no_text(arguments: dict[str, Any], reason: str) -> None:
    answer = read("Vou transferir.", tool_calls=(call(**arguments),), tokens=COUNTED)

    assert answer == Answer("", COUNTED, "m", handover_reason=reason)


def test_a_hand_over_counts_among_other_calls() -> None:
    assert (
        read(
            "",
            tool_calls=(
                call("buscar"),
                call(motivo="a"),
            ),
        ).handover_reason
        == "a"
    )


def test_an_unknown_tool_is_not_an_answer() -> None:
    with pytest.raises(UnusableReplyError, match="empty"):
        read("", tool_calls=(call("buscar"),))


def test_text_beside_an_unknown_tool_is_the_answer() -> None:
    answer = read("5 dias.", tool_calls=(call("buscar"),))

    assert (answer.text, answer.handover_reason) == ("5 dias.", None)
