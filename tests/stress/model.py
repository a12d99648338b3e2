"""A stub of a model that remembers what it was asked, and when."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its seconds on the monotonic clock, and what it was shown of the conversation as (role, text)."""

    began: float
    ended: float
    shown: list[tuple[str, str]]

    @property
    def question(self) -> str:
        """What the customer wrote last."""
        return self.shown[-1][1]


@dataclass
class RecordingModel:
    """Answers after a random time between `shortest` and `longest` seconds, never twice the same."""

    shortest: float
    longest: float
    calls: list[Call] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def __call__(self, request: RecordedRequest) -> Reply:
        """The reply to a request for a completion."""
        began, seconds = time.monotonic(), random.uniform(self.shortest, self.longest)
        call = Call(began, began + seconds, _said(request.body))
        self.calls.append(call)
        return Reply(text=f"Resposta {next(self.numbers)} a {call.question}", delay_seconds=seconds)

    @contextmanager
    def served(self) -> Iterator[dict[str, Any]]:
        """The settings of a service that asks this model."""
        with OpenAIServer(self) as server:
            yield model_of(server)


def _said(body: Any) -> list[tuple[str, str]]:
    messages = [(message["role"], message["content"]) for message in body["messages"]]
    return [(role, text) for role, text in messages if role != "system"]


def slow_for(word: str, seconds: float) -> Callable[[RecordedRequest], Reply]:
    """A model that takes its time over questions with this word alone."""

    def answer(request: RecordedRequest) -> Reply:
        return Reply(text="Olá!", delay_seconds=seconds if word in request.body["messages"][-1]["content"] else 0)

    return answer


def model_of(server: OpenAIServer) -> dict[str, Any]:
    """The settings of a service that asks this server."""
    return {"LLM_MODEL": "stub", "LLM_BASE_URL": server.url, "LLM_API_KEY": "none"}
