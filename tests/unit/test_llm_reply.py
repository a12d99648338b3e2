from typing import Any

import pytest
from langchain_core.messages import AIMessage

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.llm.prompt import Message
from app.llm.reply import UnusableReplyError, read_reply

PROMPT = [Message("system", "Seja breve."), Message("user", "Qual o prazo?")]


def read(content: str | list[Any], **values: Any) -> Answer:
    return read_reply(AIMessage(content, **values), PROMPT, "m")


def usage(tokens_in: int, tokens_out: int) -> dict[str, int]:
    return {"input_tokens": tokens_in, "output_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}


def test_text_model_and_reported_tokens() -> None:
    assert read("5 dias.", usage_metadata=usage(21, 7)) == Answer("5 dias.", Tokens(21, 7), "m")


@pytest.mark.parametrize("reported", [None, usage(0, 0)])
def test_tokens_are_estimated_when_not_reported(reported: dict[str, int] | None) -> None:
    tokens = read("O prazo é de 5 dias úteis.", usage_metadata=reported).tokens

    assert tokens.estimated
    assert 10 <= tokens.input <= 25
    assert 5 <= tokens.output <= 12


def test_text_is_cleaned() -> None:
    assert read("\n5 \ud83ddias.\x00 ").text == "5 dias."


def test_text_in_blocks_is_joined() -> None:
    assert read([{"type": "text", "text": "5 "}, {"type": "text", "text": "dias."}]).text == "5 dias."


def test_thinking_in_front_of_an_answer_is_not_sent() -> None:
    assert read("<think>\nO cliente quer…\n</think>\n\n5 dias.").text == "5 dias."


@pytest.mark.parametrize("content", ["", " \n", "\x00\ud800", "<think>hm</think>", "<think>5 dias?", []])
def test_an_empty_answer_is_unusable(content: str | list[Any]) -> None:
    with pytest.raises(UnusableReplyError, match="empty"):
        read(content)


@pytest.mark.parametrize(
    "metadata", [{"finish_reason": "length"}, {"stop_reason": "max_tokens"}, {"finish_reason": "MAX_TOKENS"}]
)
def test_half_an_answer_is_unusable(metadata: dict[str, str]) -> None:
    with pytest.raises(UnusableReplyError, match="cut off"):
        read("O prazo é de", response_metadata=metadata)


@pytest.mark.parametrize(
    "values",
    [
        {"response_metadata": {"finish_reason": "content_filter"}},
        {"response_metadata": {"stop_reason": "refusal"}},
        {"response_metadata": {"finish_reason": "SAFETY"}},
        {"additional_kwargs": {"refusal": "I can't."}},
    ],
)
def test_a_withheld_answer_is_unusable(values: dict[str, Any]) -> None:
    with pytest.raises(UnusableReplyError, match="withheld"):
        read("Desculpe", **values)


@pytest.mark.parametrize("finish", ["stop", "STOP", "end_turn", "eos", None])
def test_other_endings_are_fine(finish: str | None) -> None:
    assert read("Sim.", response_metadata={"finish_reason": finish}).text == "Sim."


def call(name: str = "transferir_para_humano", **arguments: Any) -> dict[str, Any]:
    return {"name": name, "args": arguments, "id": "c1"}


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
    answer = read("Vou transferir.", tool_calls=[call(**arguments)], usage_metadata=usage(21, 7))

    assert answer == Answer("", Tokens(21, 7), "m", handover_reason=reason)


def test_a_hand_over_counts_among_other_calls() -> None:
    assert read("", tool_calls=[call("buscar"), call(motivo="a")]).handover_reason == "a"


def test_an_unknown_tool_is_not_an_answer() -> None:
    with pytest.raises(UnusableReplyError, match="empty"):
        read("", tool_calls=[call("buscar")])


def test_text_beside_an_unknown_tool_is_the_answer() -> None:
    answer = read("5 dias.", tool_calls=[call("buscar")])

    assert (answer.text, answer.handover_reason) == ("5 dias.", None)
