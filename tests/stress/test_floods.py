"""One tenant's flood, or dead slow model: health, dashboards and other tenants' customers do not feel it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.service import Service, running
from tests.fakes.openai_server import OpenAIServer
from tests.stress import attackers
from tests.stress.conftest import make_place
from tests.stress.model import model_of, slow_for
from tests.stress.neighbour import assert_unmoved, neighbour_of

pytestmark = [pytest.mark.stress, pytest.mark.timeout(300)]

LOOKS = 40
SLOW = "lento"
SLOW_SECONDS = 1.0
DEAD_SECONDS = 20.0


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
    with (
        OpenAIServer(slow_for(SLOW, seconds)) as model,
        running(place, THREADS=threads, LOG_LEVEL="WARNING", **model_of(model)) as service,
        neighbour_of(service) as neighbour,
    ):
        usual = neighbour.watch(LOOKS)
        with flood(service, service.make_assistant()["api_key"], messages, conversations):
            during = neighbour.watch(LOOKS)
    record_property("floods", {name: assert_unmoved(usual, during)})


@contextmanager
def flood(service: Service, api_key: str, messages: int, conversations: int) -> Iterator[None]:
    """Messages that all come at once: some are answered, and some refused."""
    bodies = [
        json.dumps({"id": f"+55{number % conversations:011}", "message_service": "Whatsapp", "message": SLOW})
        for number in range(messages)
    ]
    headers = {"X-API-Key": api_key}
    with attackers.all_at_once(service, "/chats/enviarMensagemLLM", headers, bodies) as report:
        yield
    assert 0 < report.refused < len(report.answers)
