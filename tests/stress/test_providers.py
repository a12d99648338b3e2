"""A provider that fails in every way it can: the customer gets what the assistant's settings promise, in time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.service import Service, free_port, running
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest
from tests.stress.callers import Callers, calling
from tests.stress.conftest import make_place

pytestmark = [pytest.mark.stress, pytest.mark.timeout(120)]

TIME_LIMIT_SECONDS = 3
SLACK_SECONDS = 2
DOCUMENT = "O frete custa R$ 25,00 para todo o Brasil."
QUESTION = "Quanto custa o frete?"
SENTENCE = "Já voltamos; obrigado pela paciência."
MENDED = "O modelo responde de novo."


@dataclass(frozen=True, slots=True)
class Failure:
    """What a provider does (None: it is not there), how often it is asked, and what `error` makes of it."""

    reply: Reply | None
    calls: int
    status: int
    code: str
    retry_after: int = 0


FAILURES = {
    "refused connection": Failure(None, 0, 503, "model_unavailable"),
    "hang": Failure(Reply("hang"), 1, 504, "model_timeout"),
    "429": Failure(Reply("error", status=429), 3, 503, "model_unavailable"),
    "429 with Retry-After 1": Failure(
        Reply("error", status=429, retry_after="1"), 3, 503, "model_unavailable", retry_after=1
    ),
    "429 with Retry-After 60": Failure(
        Reply("error", status=429, retry_after="60"), 1, 503, "model_unavailable", retry_after=60
    ),
    "500": Failure(Reply("error", status=500), 3, 502, "model_failed"),
    "half a JSON": Failure(Reply("half_json"), 1, 502, "model_failed"),
    "cut-off body": Failure(Reply("cut_off"), 3, 503, "model_unavailable"),
    "empty answer": Failure(Reply("empty_content"), 1, 502, "model_failed"),
    "dripping head": Failure(Reply("drip_headers"), 1, 504, "model_timeout"),
    "dripping body": Failure(Reply("drip_body"), 1, 504, "model_timeout"),
}


WHEN_UNAVAILABLE = ["error", "extractive", "message"]
STREAM = "dripping stream"


def model_of(name: str, when_unavailable: str) -> str:
    """The model of one test, with a circuit breaker of its own."""
    return f"{name}-{when_unavailable}".replace(" ", "-")


MODELS = [model_of(name, when) for name in (*FAILURES, STREAM) for when in WHEN_UNAVAILABLE]


@dataclass(frozen=True, slots=True)
class Customer:
    """A service, and the port at which it looks for its model."""

    service: Service
    model_port: int

    @contextmanager
    def model(self, reply: Reply | None) -> Iterator[list[float]]:
        """Let the model give this reply; the moments at which it was asked, on the monotonic clock."""
        asked: list[float] = []
        if reply is None:
            yield asked
            return

        def answer(_: RecordedRequest) -> Reply:
            asked.append(time.monotonic())
            return reply

        with OpenAIServer(answer, port=self.model_port):
            yield asked

    @contextmanager
    def assistant(self, name: str, when_unavailable: str) -> Iterator[Callers]:
        """Callers of a new assistant with a model of this name, and so with a circuit breaker of its own."""
        made = self.service.make_assistant()
        settings = {"model": name, "when_unavailable": when_unavailable, "unavailable_message": SENTENCE}
        assert self.service.http.put(f"/assistants/update/{made['_id']}", json=settings).status_code == 200
        if when_unavailable == "extractive":
            self.service.upload(made["_id"], DOCUMENT.encode(), "frete.md")
        with calling([self.service], made) as callers:
            yield callers


@pytest.fixture(scope="module")
def customer(tmp_path_factory: pytest.TempPathFactory, bundled_models: Path) -> Iterator[Customer]:
    """A running service."""
    place, port = make_place(tmp_path_factory.mktemp("stress") / "service", bundled_models), free_port()
    model: dict[str, Any] = {
        "LLM_MODEL": "stub",
        "LLM_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "LLM_API_KEY": "none",
        "ALLOWED_MODELS": ",".join(MODELS),
    }
    with running(place, LLM_TIMEOUT_SECONDS=TIME_LIMIT_SECONDS, LOG_LEVEL="ERROR", **model) as service:
        yield Customer(service, port)


@pytest.mark.parametrize("when_unavailable", WHEN_UNAVAILABLE)
@pytest.mark.parametrize("name", FAILURES)
def test_the_promised_reply_comes_in_time(
    customer: Customer, name: str, when_unavailable: str, record_property: Callable[[str, object], None]
) -> None:
    failure = FAILURES[name]
    with customer.assistant(model_of(name, when_unavailable), when_unavailable) as callers:
        with customer.model(failure.reply) as asked:
            response, seconds = _ask(callers)
        with customer.model(Reply(text=MENDED)):
            again, _ = _ask(callers)
    assert seconds < TIME_LIMIT_SECONDS + SLACK_SECONDS
    assert len(asked) == failure.calls
    assert all(later - earlier >= failure.retry_after for earlier, later in pairwise(asked))
    if when_unavailable == "error":
        _check_error(response, failure)
        assert (again.status_code, again.json()["response"], again.json()["degraded"]) == (200, MENDED, False)
    else:
        _check_stand_in(response, when_unavailable)
        assert again.json() == response.json()
    record_property("providers", {name: {when_unavailable: round(seconds, 2)}})


@pytest.mark.parametrize("when_unavailable", WHEN_UNAVAILABLE)
def test_a_stream_that_drips_breaks_off_in_time(
    customer: Customer, when_unavailable: str, record_property: Callable[[str, object], None]
) -> None:
    with customer.assistant(model_of(STREAM, when_unavailable), when_unavailable) as callers:
        # A model is streamed from its second answer on.
        with customer.model(Reply(text=MENDED)):
            callers.deliver(0, "+5513988593465", QUESTION, "mensagem 0", "application/json")
        with customer.model(Reply("drip_stream", text="Uma resposta longa. " * 20)):
            response, seconds = _ask(callers, "text/event-stream")
        with customer.model(Reply(text=MENDED)):
            again, _ = _ask(callers)
    assert seconds < TIME_LIMIT_SECONDS + SLACK_SECONDS
    events = [block.splitlines()[0] for block in response.text.strip().split("\n\n")]
    # The customer has read the beginning, which no stand-in can take back.
    assert events == ["event: chunk"] * (len(events) - 1) + ["event: error"]
    assert len(events) > 1
    assert '"code": "model_timeout"' in response.text
    assert (again.status_code, again.json()["response"]) == (200, MENDED)
    record_property("providers", {STREAM: {when_unavailable: round(seconds, 2)}})


def _ask(callers: Callers, accept: str = "application/json") -> tuple[httpx.Response, float]:
    """The reply to a message that is always the same one, and the seconds it took."""
    began = time.monotonic()
    response = callers.deliver(0, "+5513988593464", QUESTION, "mensagem 1", accept)
    return response, time.monotonic() - began


def _check_error(response: httpx.Response, failure: Failure) -> None:
    assert (response.status_code, response.json()["code"]) == (failure.status, failure.code)
    assert int(response.headers.get("Retry-After", "0")) == failure.retry_after


def _check_stand_in(response: httpx.Response, when_unavailable: str) -> None:
    assert response.status_code == 200, response.text
    chat: dict[str, Any] = response.json()
    assert chat["degraded"] is True
    if when_unavailable == "message":
        assert (chat["response"], chat["model"]) == (SENTENCE, None)
    else:
        assert "R$ 25,00" in chat["response"]
        assert chat["model"] == "extractive"
