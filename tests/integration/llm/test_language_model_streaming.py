import threading
import time
from collections import deque
from typing import Any

import pytest

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens
from app.domain.documents import Passage
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from tests.fakes.openai_replies import Mode, Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest
from tests.integration.llm.asking import HANG_SECONDS, MESSAGE, acquaint, language_model

LONG = "O prazo de entrega para Santos é de cinco dias úteis. " * 40
QUESTION = Question(MESSAGE)


def stream_of_known_model(server: OpenAIServer) -> list[str | Answer]:
    with language_model(server.url) as model:
        acquaint(model, server)
        return list(model.stream(QUESTION, 60))


def stream(server: OpenAIServer, **values: Any) -> list[str | Answer]:
    with language_model(**{"base_url": server.url, **values}) as model:
        return list(model.stream(QUESTION, 60))


def interrupted(server: OpenAIServer, **values: Any) -> tuple[list[str | Answer], ModelError]:
    """What came before the error, from a model that is known."""
    came: list[str | Answer] = []
    with language_model(**{"base_url": server.url, **values}) as model:
        acquaint(model, server)
        with pytest.raises(ModelError) as raised:
            came.extend(model.stream(QUESTION, 60))
    return came, raised.value


def test_pieces_and_then_the_answer() -> None:
    with OpenAIServer(Reply(text=" O prazo é de 5 dias.\n")) as server:
        assert stream_of_known_model(server) == [
            *("O", " prazo", " é", " de", " 5", " dias."),
            Answer("O prazo é de 5 dias.", Tokens(21, 7), "m"),
        ]


def test_the_request_asks_for_a_stream_and_is_the_usual_one_otherwise() -> None:
    with OpenAIServer() as server, language_model(server.url, "llama3:8b") as model:
        model.answer(QUESTION, 60)
        list(model.stream(QUESTION, 60))
        plain, streamed = (request.body for request in server.requests)

    assert streamed.pop("stream") is True
    assert streamed.pop("stream_options") == {"include_usage": True}
    plain.pop("stream", None)
    assert streamed == plain
    assert streamed["max_tokens"] == 600


def test_the_passages_come_with_the_answer() -> None:
    passages = (Passage("d", "a.md", 0, "5 dias", 0.9, dense=0.9, lexical=0.9),)
    with OpenAIServer() as server, language_model(server.url) as model:
        *_, answer = model.stream(Question(MESSAGE, passages=passages), 60)

    assert isinstance(answer, Answer)
    assert answer.passages == passages


def test_missing_usage_is_estimated() -> None:
    with OpenAIServer(Reply(mode="no_usage")) as server:
        answer = stream(server)[-1]

    assert isinstance(answer, Answer)
    assert answer.tokens.estimated


def test_stream_options_that_are_refused_are_left_out_from_then_on() -> None:
    def reply(request: RecordedRequest) -> Reply:
        refused = "stream_options" in request.body
        return Reply(mode="error", status=400, param="stream_options") if refused else Reply()

    with OpenAIServer(reply) as server, language_model(server.url) as model:
        assert len(list(model.stream(QUESTION, 60))) > 1
        assert len(list(model.stream(QUESTION, 60))) > 1
        assert ["stream_options" in request.body for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    "text", ["<think>\nhm…</think>\n5 dias.", "\n <think></think>5 dias. ", "\ud800 5 dias.\x00\n"]
)
def test_pieces_are_as_clean_as_the_answer(text: str) -> None:
    with OpenAIServer(Reply(text=text)) as server:
        *pieces, answer = stream_of_known_model(server)

    assert isinstance(answer, Answer)
    assert pieces == ["5", " dias."]
    assert answer.text == "5 dias."


def test_the_beginning_of_a_thought_may_be_the_answer() -> None:
    with OpenAIServer(Reply(text="<")) as server:
        assert stream(server) == ["<", Answer("<", Tokens(21, 7), "m")]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(mode="half_json"),
        Reply(mode="html"),
        Reply(mode="empty_choices"),
        Reply(mode="null_choices"),
        Reply(mode="empty_content"),
        Reply(mode="refusal"),
        Reply(mode="early_end", text=""),
        Reply(text="<think>hm", finish_reason="stop"),
        Reply(text=" \x00 "),
        Reply(mode="error", status=401),
    ],
    ids=lambda reply: f"{reply.mode}-{reply.text}",
)
def test_what_fails_before_the_first_piece_is_left_to_the_next_model(reply: Reply) -> None:
    with OpenAIServer(script=deque([reply])) as server:
        *pieces, answer = stream(server, model="a", fallback_models=("b",))
        assert len(server.requests) == 2

    assert isinstance(answer, Answer)
    assert ("".join(map(str, pieces)), answer.model) == ("Resposta do modelo.", "b")


def test_what_may_pass_before_the_first_piece_is_tried_again() -> None:
    with OpenAIServer(script=deque([Reply(mode="error", status=503), Reply(mode="error", status=500)])) as server:
        assert len(stream(server)) > 1
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(mode="early_end", text=LONG), ModelFailedError),
        (Reply(finish_reason="content_filter", text=LONG), ModelFailedError),
        (Reply(mode="cut_stream", text=LONG), ModelUnavailableError),
    ],
    ids=["no end", "filter", "cut"],
)
def test_what_fails_after_the_first_piece_is_an_error(reply: Reply, expected: type[ModelError]) -> None:
    with OpenAIServer(reply) as server:
        came, error = interrupted(server, model="a", fallback_models=("b",))
        assert len(server.requests) == 1

    assert isinstance(error, expected)
    assert came
    assert LONG.startswith("".join(map(str, came)))


@pytest.mark.parametrize("mode", ["drip_stream", "drip_body", "drip_headers", "hang"])
def test_the_deadline_holds(mode: Mode) -> None:
    with OpenAIServer(Reply(mode=mode, text=LONG)) as server:
        started = time.monotonic()
        came, error = interrupted(server, timeout_seconds=0.5)

    assert isinstance(error, ModelTimeoutError)
    assert bool(came) is (mode == "drip_stream")
    assert time.monotonic() - started < HANG_SECONDS / 2


def test_connections_are_kept_and_reused() -> None:
    with OpenAIServer() as server, language_model(server.url) as model:
        for _ in range(3):
            list(model.stream(QUESTION, 60))
            model.answer(QUESTION, 60)
        assert server.accepted == 1


def test_a_stream_left_early_frees_its_connection() -> None:
    with OpenAIServer(Reply(mode="drip_stream", text=LONG)) as server, language_model(server.url) as model:
        acquaint(model, server)
        pieces = model.stream(QUESTION, 60)
        assert next(pieces)
        del pieces
        for _ in range(HANG_SECONDS * 20):
            if not server.connections:
                break
            time.sleep(0.05)
        assert server.connections == 0
        server.reply = Reply()
        assert model.answer(QUESTION, 60).model == "m"


def test_a_stream_may_be_read_to_its_end_later_and_by_another_thread() -> None:
    with OpenAIServer(Reply(text=LONG)) as server, language_model(server.url) as model:
        acquaint(model, server)
        pieces = model.stream(QUESTION, 60)
        rest: list[str | Answer] = [next(pieces)]
        thread = threading.Thread(target=rest.extend, args=(pieces,))
        thread.start()
        thread.join(HANG_SECONDS)
        assert model.answer(QUESTION, 60).model == "m"

    *texts, answer = rest
    assert isinstance(answer, Answer)
    assert "".join(map(str, texts)) == answer.text == LONG.strip()


def test_a_provider_that_is_not_ours_to_stream_answers_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key")
    with OpenAIServer() as server:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.url.removesuffix("/v1"))
        piece, answer = stream(server, base_url=None, model="azure_openai:b")

    assert piece == "Resposta do modelo."
    assert isinstance(answer, Answer)
    assert answer.text == piece
