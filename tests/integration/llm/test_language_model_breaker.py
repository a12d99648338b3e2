import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.domain.answers import Question
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.llm.language_model import LanguageModel
from tests.fakes.openai_replies import Mode, Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest, unused_url
from tests.integration.llm.asking import HANG_SECONDS, MESSAGE, language_model

DOWN = Reply(mode="error", status=500)
UP = Reply(mode="error", status=400)
QUESTION = Question(MESSAGE)


def fail(model: LanguageModel, *, times: int = 1, within: float = 60, question: Question = QUESTION) -> ModelError:
    for _ in range(times):
        with pytest.raises(ModelError) as raised:
            model.answer(question, within)
    return raised.value


def test_a_dead_provider_is_left_alone_after_five_failures() -> None:
    with OpenAIServer(DOWN) as server, language_model(server.url) as model:
        assert isinstance(fail(model), ModelFailedError)
        assert isinstance(fail(model), ModelFailedError)
        assert len(server.requests) == 5
        accepted, started = server.accepted, time.monotonic()
        error = fail(model, times=200)

        assert (len(server.requests), server.accepted) == (5, accepted)
    assert isinstance(error, ModelUnavailableError)
    assert 1 <= (error.retry_after or 0) <= 30
    assert time.monotonic() - started < HANG_SECONDS / 2


@pytest.mark.parametrize("mode", ["cut_off", "hang"])
def test_lost_connections_and_timeouts_count(mode: Mode) -> None:
    with OpenAIServer(Reply(mode=mode)) as server:
        with language_model(server.url, breaker_failures=1, timeout_seconds=0.4) as model:
            fail(model)
            assert isinstance(fail(model), ModelUnavailableError)
        assert len(server.requests) == 1


def test_a_refused_connection_counts() -> None:
    with language_model(unused_url(), breaker_failures=2) as model:
        fail(model)
        assert fail(model).retry_after


@pytest.mark.parametrize(
    "reply",
    [
        UP,
        Reply(mode="error", status=401),
        Reply(mode="error", status=429, retry_after="90"),
        Reply(mode="empty_content"),
        Reply(mode="refusal"),
        Reply(text="<think>hm", finish_reason="length"),
        Reply(mode="html"),
    ],
    ids=lambda reply: f"{reply.mode}-{reply.status}-{reply.finish_reason}",
)
def test_a_provider_that_answers_is_not_dead(reply: Reply) -> None:
    with OpenAIServer(reply) as server, language_model(server.url, breaker_failures=1) as model:
        fail(model, times=3)
        assert len(server.requests) == 3


def test_a_timeout_for_want_of_time_does_not_count() -> None:
    with OpenAIServer(Reply(mode="hang")) as server, language_model(server.url, breaker_failures=1) as model:
        assert isinstance(fail(model, times=3, within=0.5), ModelTimeoutError)
        assert len(server.requests) == 3


def test_the_next_model_answers_at_once_for_one_left_alone() -> None:
    def reply(request: RecordedRequest) -> Reply:
        return DOWN if request.body["model"] == "a" else Reply()

    with OpenAIServer(reply) as server:
        with language_model(server.url, "a", fallback_models=("b",), breaker_failures=1) as model:
            assert [model.answer(QUESTION, 60).model for _ in range(3)] == ["b", "b", "b"]
        assert [request.body["model"] for request in server.requests] == ["a", "b", "b", "b"]


def test_temperatures_share_a_breaker_and_models_do_not() -> None:
    with OpenAIServer(DOWN) as server, language_model(server.url, "a", breaker_failures=1) as model:
        fail(model)
        assert isinstance(fail(model, question=Question(MESSAGE, temperature=1.5)), ModelUnavailableError)
        assert isinstance(fail(model, question=Question(MESSAGE, model="openai:a")), ModelUnavailableError)
        assert len(server.requests) == 1
        fail(model, question=Question(MESSAGE, model="b"))
        assert len(server.requests) == 2


def test_one_trial_at_a_time_finds_out_that_it_is_back() -> None:
    waiting, go_on = threading.Event(), threading.Event()

    def slow(_: RecordedRequest) -> Reply:
        waiting.set()
        go_on.wait(HANG_SECONDS)
        return Reply()

    with OpenAIServer(DOWN) as server, ThreadPoolExecutor(1) as pool:
        with language_model(server.url, breaker_failures=1, breaker_seconds=0.5) as model:
            fail(model)
            time.sleep(0.5)
            server.reply = slow
            trial = pool.submit(model.answer, QUESTION, 60)
            assert waiting.wait(HANG_SECONDS)
            try:
                assert isinstance(fail(model), ModelUnavailableError)
            finally:
                go_on.set()
            assert trial.result().model == "m"
            assert model.answer(QUESTION, 60).model == "m"
        assert len(server.requests) == 3


def test_a_stream_is_a_trial_too() -> None:
    values: dict[str, Any] = {"breaker_failures": 1, "breaker_seconds": 0.1}
    with OpenAIServer(DOWN) as server, language_model(server.url, **values) as model:
        fail(model)
        time.sleep(0.1)
        server.reply = Reply()
        assert len(list(model.stream(QUESTION, 60))) > 1
        assert model.answer(QUESTION, 60).model == "m"


def test_sixteen_attempts_run_at_the_same_time() -> None:
    with OpenAIServer() as server, language_model(server.url, timeout_seconds=HANG_SECONDS) as model:
        all_there = threading.Barrier(16)

        def reply(_: RecordedRequest) -> Reply:
            all_there.wait(HANG_SECONDS)
            return Reply()

        server.reply = reply
        with ThreadPoolExecutor(16) as pool:
            answers = [pool.submit(model.answer, QUESTION, 60) for _ in range(16)]
            assert [answer.result().model for answer in answers] == ["m"] * 16
