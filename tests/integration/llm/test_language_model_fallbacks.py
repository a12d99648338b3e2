import logging
import time
from collections import deque
from typing import Any

import pytest

from app.domain.answers import Question
from app.domain.errors import ModelFailedError, ModelTimeoutError, ModelUnavailableError
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest, unused_url
from tests.integration.llm.asking import HANG_SECONDS, KEY, MESSAGE, ask, language_model, refused


def test_a_fallback_answers_for_a_model_that_hangs() -> None:
    with OpenAIServer(script=deque([Reply(mode="hang")])) as server:
        assert ask(server, "a", timeout_seconds=2.0, fallback_models=("b",)).model == "b"


def test_fallbacks_are_asked_in_order_and_the_first_error_counts() -> None:
    errors = [Reply(mode="error", status=429, retry_after="600"), Reply(mode="error", status=404)]
    with OpenAIServer(script=deque(errors), reply=Reply(mode="empty_content")) as server:
        error = refused(server, model="a", fallback_models=("b", "a", "c"))
        assert [request.body["model"] for request in server.requests] == ["a", "b", "c"]

    assert error.retry_after == 600


def test_another_provider_is_bounded_too_and_gets_no_foreign_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key")
    with OpenAIServer(script=deque([Reply(mode="error", status=401), Reply()])) as server:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.url.removesuffix("/v1"))
        answer = ask(server, "a", api_key=KEY, fallback_models=("azure_openai:b",))
        server.reply = Reply(mode="drip_body")
        started = time.monotonic()
        error = refused(server, model="azure_openai:b", base_url=None, timeout_seconds=0.5)
        azure = server.requests[1]

    assert answer.model == "azure_openai:b"
    assert KEY not in str(azure.headers)
    assert isinstance(error, ModelTimeoutError)
    assert time.monotonic() - started < HANG_SECONDS / 2


def test_another_provider_that_is_not_there_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", unused_url().removesuffix("/v1"))
    with language_model(None, "azure_openai:b") as model, pytest.raises(ModelUnavailableError):
        model.answer(Question(MESSAGE), 60)


def test_another_provider_may_refuse_a_parameter_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key")
    refusals = [Reply(mode="error", status=400, param=param) for param in ("temperature", "tools")]
    with OpenAIServer(script=deque(refusals)) as server:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.url.removesuffix("/v1"))
        with language_model(None, "azure_openai:b") as model:
            model.answer(Question(MESSAGE), 60)
            model.answer(Question(MESSAGE), 60)
        sent = [("temperature" in request.body, "tools" in request.body) for request in server.requests]

    assert sent == [(True, True), (False, True), (False, False), (False, False)]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(mode="empty_content"),
        Reply(mode="refusal"),
        Reply(mode="half_json"),
        Reply(text="<think>hm", finish_reason="length"),
        Reply(mode="error", status=401),
    ],
    ids=lambda reply: f"{reply.mode}-{reply.finish_reason}",
)
def test_a_fallback_answers_for_a_model_that_fails(reply: Reply) -> None:
    with OpenAIServer(script=deque([reply])) as server:
        assert ask(server, "a", fallback_models=("b",)).model == "b"
        assert len(server.requests) == 2


def test_an_assistants_own_model_and_temperature_come_first() -> None:
    def reply(request: RecordedRequest) -> Reply:
        return Reply() if request.body["model"] == "b" else Reply(mode="error", status=404)

    with OpenAIServer(reply) as server, language_model(server.url, "a", fallback_models=("b",)) as model:
        own = model.answer(Question(MESSAGE, model="c", temperature=0.0), 60)
        usual = model.answer(Question(MESSAGE), 60)
        asked = [(request.body["model"], request.body["temperature"]) for request in server.requests]

    assert (own.model, usual.model) == ("b", "b")
    assert asked == [("c", 0.0), ("b", 0.0), ("a", 0.2), ("b", 0.2)]


def test_an_assistants_own_model_may_be_one_of_the_fallbacks() -> None:
    with OpenAIServer(Reply(mode="error", status=404)) as server:
        with language_model(server.url, "a", fallback_models=("b", "c")) as model, pytest.raises(ModelFailedError):
            model.answer(Question(MESSAGE, model="c"), 60)
        assert [request.body["model"] for request in server.requests] == ["c", "b"]


def test_a_model_of_the_same_provider_gets_the_key() -> None:
    with OpenAIServer() as server, language_model(server.url, "a", api_key=KEY) as model:
        model.answer(Question(MESSAGE, model="openai:b"), 60)
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_an_assistants_own_model_that_cannot_be_set_up_is_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    question = Question(MESSAGE, model="anthropic:claude")
    with OpenAIServer() as server, caplog.at_level(logging.WARNING):
        with language_model(server.url, "a") as model, pytest.raises(ModelFailedError):
            model.answer(question, 60)
        assert not server.requests
        with language_model(server.url, "a", fallback_models=("b",)) as model:
            assert model.answer(question, 60).model == "b"

    assert [message.count("langchain-anthropic") for message in caplog.messages] == [1, 1]


def test_models_without_number_share_the_connections() -> None:
    with OpenAIServer() as server, language_model(server.url) as model:
        for number in range(100):
            assert model.answer(Question(MESSAGE, model=f"m{number}"), 60).model == f"m{number}"
        assert server.accepted == 1


@pytest.mark.parametrize(("within", "timeout_seconds"), [(0.3, 60.0), (60.0, 0.3)])
def test_the_shorter_of_both_times_holds(within: float, timeout_seconds: float) -> None:
    values: dict[str, Any] = {"timeout_seconds": timeout_seconds}
    with OpenAIServer(Reply(mode="hang")) as server, language_model(server.url, **values) as model:
        started = time.monotonic()
        with pytest.raises(ModelTimeoutError):
            model.answer(Question(MESSAGE), within)

    assert time.monotonic() - started < HANG_SECONDS


def test_no_time_left_is_a_timeout_at_once() -> None:
    with language_model(unused_url()) as model, pytest.raises(ModelTimeoutError):
        model.answer(Question(MESSAGE), -1)
