"""One tenant's flood, or dead slow model: health, dashboards and other tenants' customers do not feel it."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.load import Plan
from tests.e2e.service import PROJECT, Service, environment, running
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest
from tests.stress.callers import Callers, calling
from tests.stress.conftest import make_place

pytestmark = [pytest.mark.stress, pytest.mark.timeout(300)]

PATIENCE_SECONDS = 60
LOOKS = 40
BETWEEN_LOOKS_SECONDS = 0.1
FLOOD_SECONDS = 0.5
# Two noisy cores carry the flood's clients, too; what is quicker than this is quick enough.
QUICK_SECONDS = 0.1
SLOW = "lento"
SLOW_SECONDS = 1.0
DEAD_SECONDS = 20.0


@dataclass
class Watch:
    """What somebody else notices: the median seconds of `/health`, a dashboard's list, a customer's answer."""

    health: list[float] = field(default_factory=list)
    dashboard: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)

    def medians(self) -> dict[str, float]:
        return {name: round(statistics.median(seconds), 4) for name, seconds in vars(self).items()}


def model_of(seconds: float) -> Callable[[RecordedRequest], Reply]:
    """A model that takes its time over the flood's questions alone."""

    def answer(request: RecordedRequest) -> Reply:
        question = request.body["messages"][-1]["content"]
        return Reply(text="Olá!", delay_seconds=seconds if SLOW in question else 0)

    return answer


@pytest.mark.parametrize(
    ("name", "threads", "messages", "conversations", "seconds"),
    [
        ("one conversation at 4 threads", 4, 8, 1, SLOW_SECONDS),
        ("one conversation at 64 threads", 64, 500, 1, SLOW_SECONDS),
        ("a dead slow model at 64 threads", 64, 500, 500, DEAD_SECONDS),
    ],
)
def test_nobody_else_feels_a_flood(
    tmp_path: Path,
    bundled_models: Path,
    record_property: Callable[[str, object], None],
    name: str,
    threads: int,
    messages: int,
    conversations: int,
    seconds: float,
) -> None:
    place = make_place(tmp_path / "service", bundled_models)
    with OpenAIServer(model_of(seconds)) as model:
        settings: dict[str, Any] = {"LLM_MODEL": "stub", "LLM_BASE_URL": model.url, "LLM_API_KEY": "none"}
        with (
            running(place, THREADS=threads, LOG_LEVEL="WARNING", **settings) as service,
            calling([service], service.make_assistant()) as others,
        ):
            usual = watched(others)
            with flood(service, service.make_assistant()["api_key"], messages, conversations):
                during = watched(others)
    figures = {"usual": usual.medians(), "during": during.medians()}
    for what, before in usual.medians().items():
        assert during.medians()[what] <= max(2 * before, QUICK_SECONDS), (what, figures)
    record_property("floods", {name: figures})


def watched(callers: Callers) -> Watch:
    """How long everything takes, one look after another."""
    watch, client = Watch(), callers.clients[0]
    for number in range(LOOKS):
        watch.health.append(timed(lambda: client.get("/health")))
        watch.dashboard.append(timed(lambda: client.get("/conversations/list")))
        watch.answer.append(timed(partial(callers.deliver, 0, f"+{number}", "Qual é o prazo?")))
        time.sleep(BETWEEN_LOOKS_SECONDS)
    return watch


def timed(call: Callable[[], httpx.Response]) -> float:
    began = time.monotonic()
    response = call()
    assert response.status_code == 200, response.text
    return time.monotonic() - began


@contextmanager
def flood(service: Service, api_key: str, messages: int, conversations: int) -> Iterator[None]:
    """Messages that all come at once, from a process of their own; it is waited for at the end."""
    bodies = [
        json.dumps({"id": f"+55{number % conversations:011}", "message_service": "Whatsapp", "message": SLOW})
        for number in range(messages)
    ]
    plan = Plan(
        port=httpx.URL(service.url).port or 80,
        path="/chats/enviarMensagemLLM",
        headers={"X-API-Key": api_key},
        clients=messages,
        seconds=FLOOD_SECONDS,
        stagger_seconds=0,
        conversations=[[body] for body in bodies],
    )
    clients = subprocess.Popen(
        [sys.executable, "-m", "bench.load"],
        env=environment(PROJECT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with clients, ThreadPoolExecutor(1) as waiting:
        ended = waiting.submit(clients.communicate, json.dumps(asdict(plan)))
        yield
        report, _ = ended.result(PATIENCE_SECONDS)
    assert clients.returncode == 0
    answered = json.loads(report)
    assert 0 < answered["refused"] < len(answered["answers"])
