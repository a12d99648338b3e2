"""Thinking never reaches a customer, from a server whose reply comes whole or streamed."""

import pytest

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens
from app.domain.errors import ModelFailedError
from app.llm.language_model import LanguageModel
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer
from tests.integration.llm.asking import MESSAGE, acquaint, language_model

QUESTION = Question(MESSAGE)
THOUGHT = "The user asks. SECRET, so 5.\n\n"
ANSWER = "São 5 dias. Algo mais?"
UNOPENED = [f"{THOUGHT}</think>{ANSWER}", f"{THOUGHT}</THINK>\n\n{ANSWER}", f"{THOUGHT}[/THINK]{ANSWER}"]
MARKED = [
    f"<think>{THOUGHT}</think>{ANSWER}",
    f"<THINK>{THOUGHT}</THINK>\n{ANSWER}",
    f"<thinking>{THOUGHT}</thinking>{ANSWER}",
    f"São 5 dias. <think>{THOUGHT}</think> Algo mais?",
    f"{ANSWER}\n<think>{THOUGHT}",
    f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>",
    f"analysis{THOUGHT}assistantfinal{ANSWER}",
]
EMPTY = [f"<think>{THOUGHT}", f"{THOUGHT}</think>", f"<|channel|>analysis<|message|>{THOUGHT}"]


def streamed(model: LanguageModel) -> tuple[list[str], Answer]:
    *pieces, answer = model.stream(QUESTION, 60)
    assert isinstance(answer, Answer)
    return [str(piece) for piece in pieces], answer


def answered(model: LanguageModel, *, is_streamed: bool) -> Answer:
    return streamed(model)[1] if is_streamed else model.answer(QUESTION, 60)


@pytest.mark.parametrize("text", [*MARKED, *UNOPENED])
def test_a_whole_reply(text: str) -> None:
    with OpenAIServer(Reply(text=text)) as server, language_model(server.url) as model:
        assert model.answer(QUESTION, 60) == Answer(ANSWER, Tokens(21, 7), "m")


@pytest.mark.parametrize("piece_size", [1, 3, 7, 1000])
@pytest.mark.parametrize("text", [*MARKED, *UNOPENED])
def test_a_streamed_reply_of_a_model_not_known(text: str, piece_size: int) -> None:
    with OpenAIServer(Reply(text=text, piece_size=piece_size)) as server, language_model(server.url) as model:
        for _ in range(2):
            pieces, answer = streamed(model)
            assert ("".join(pieces), answer.text) == (ANSWER, ANSWER)


@pytest.mark.parametrize("piece_size", [1, 3, 7, 1000])
@pytest.mark.parametrize("text", MARKED)
def test_a_streamed_reply_of_a_model_that_is_known(text: str, piece_size: int) -> None:
    with OpenAIServer(Reply(text=text, piece_size=piece_size)) as server, language_model(server.url) as model:
        acquaint(model, server)
        pieces, answer = streamed(model)

    assert ("".join(pieces), answer.text) == (ANSWER, ANSWER)


def test_after_the_end_of_its_thinking_a_reply_is_streamed() -> None:
    with OpenAIServer(Reply(text=UNOPENED[0])) as server, language_model(server.url) as model:
        assert len(streamed(model)[0]) > 2


def test_a_model_is_streamed_from_its_second_reply_on() -> None:
    with OpenAIServer(Reply(text=ANSWER)) as server, language_model(server.url) as model:
        first, second = streamed(model)[0], streamed(model)[0]

    assert first == [ANSWER]
    assert len(second) > 2


@pytest.mark.parametrize("is_streamed", [False, True])
def test_thinking_in_a_field_of_its_own_is_not_read(is_streamed: bool) -> None:
    reply = Reply(text=ANSWER, reasoning=THOUGHT)
    with OpenAIServer(reply) as server, language_model(server.url) as model:
        answer = answered(model, is_streamed=is_streamed)

    assert answer.text == ANSWER


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize("finish_reason", ["stop", "length"])
@pytest.mark.parametrize("text", EMPTY)
def test_nothing_but_thinking_is_no_answer(text: str, finish_reason: str, is_streamed: bool) -> None:
    reply = Reply(text=text, finish_reason=finish_reason)
    with OpenAIServer(reply) as server, language_model(server.url) as model, pytest.raises(ModelFailedError):
        answered(model, is_streamed=is_streamed)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_an_answer_at_the_limit_of_tokens_is_sent_up_to_its_last_sentence_and_paid_once(is_streamed: bool) -> None:
    reply = Reply(text="São 5 dias. O frete é grá", finish_reason="length")
    with OpenAIServer(reply) as server, language_model(server.url, "a", fallback_models=("b",)) as model:
        answer = answered(model, is_streamed=is_streamed)
        assert len(server.requests) == 1

    assert answer == Answer("São 5 dias.", Tokens(21, 7), "a", cut=True)


def test_a_stream_of_a_known_model_may_be_ahead_of_a_cut_answer() -> None:
    reply = Reply(text="São 5 dias. O frete é grá", finish_reason="length")
    with OpenAIServer(reply) as server, language_model(server.url) as model:
        acquaint(model, server)
        pieces, answer = streamed(model)

    assert ("".join(pieces), answer.text) == ("São 5 dias. O frete é grá", "São 5 dias.")


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_cut_reply_of_a_model_that_thinks_without_a_beginning_is_not_sent(is_streamed: bool) -> None:
    with OpenAIServer(Reply(text=UNOPENED[0])) as server, language_model(server.url) as model:
        model.answer(QUESTION, 60)
        server.reply = Reply(text=THOUGHT, finish_reason="length")
        with pytest.raises(ModelFailedError):
            answered(model, is_streamed=is_streamed)
