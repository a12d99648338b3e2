"""Elections again and again under load: each message is stored once and answered once, however often it is sent."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any
from zlib import crc32

import httpx
import pytest

from tests.fakes.replica_set import ReplicaSet, running_replica_set
from tests.stress.callers import Callers
from tests.stress.conftest import Started
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(600)]

ELECTIONS = 40
CLIENTS = 8
CHANNELS = 5
LONGEST_ELECTION_SECONDS = 2.0
LONGEST_REIGN_SECONDS = 3.0
GIVE_UP_SECONDS = 120


@dataclass
class Load:
    """Customers who write until they are told to stop; each message is delivered until it is answered."""

    callers: Callers
    stop: Event = field(default_factory=Event)
    unavailable: int = 0
    slowest: float = 0
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, client: int) -> None:
        """What one client does."""
        number = 0
        while not self.stop.is_set():
            message_id = f"cliente {client} mensagem {number}"
            self.answers[message_id] = self.deliver(message_id).json()
            number += 1

    def deliver(self, message_id: str) -> httpx.Response:
        """The answer to a message, which is delivered again where a gateway would do so."""
        channel = f"+55{crc32(message_id.encode()) % CHANNELS:011}"
        sent = time.monotonic()
        while time.monotonic() - sent < GIVE_UP_SECONDS:
            response = self.callers.deliver(random.randrange(2), channel, message_id, message_id)
            if response.status_code == 200:
                self.slowest = max(self.slowest, time.monotonic() - sent)
                return response
            code = response.json()["code"]
            assert code in {"database_unavailable", "in_progress", "model_timeout"}, response.text
            assert int(response.headers["Retry-After"]) > 0
            self.unavailable += 1
            time.sleep(random.uniform(0.1, 0.4))
        raise AssertionError("A message was never answered.")


@pytest.fixture
def members() -> Iterator[ReplicaSet]:
    with running_replica_set() as members:
        yield members


def test_nothing_is_lost_or_doubled(
    members: ReplicaSet, two_processes: Started, record_property: Callable[[str, object], None]
) -> None:
    model = RecordingModel(0, 0.2)
    with model.served() as settings, two_processes(MONGODB_URI=members.uri, **settings) as callers:
        load = Load(callers)
        _elect_under_load(members, load)
        for message_id, answer in load.answers.items():
            again = load.deliver(message_id)
            assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", answer)
        record = callers.record()
    assert Counter(chat["message"] for chat in record) == Counter(load.answers.keys())
    assert all(chat == load.answers[chat["message"]] for chat in record)
    figures = {"elections": ELECTIONS, "clients": CLIENTS, "processes": 2, "messages": len(record)}
    found = {"told_unavailable": load.unavailable, "slowest_answer_seconds": round(load.slowest, 2)}
    record_property(
        "elections", figures | found | {"model_calls": len(model.calls), "lost": 0, "answered_twice": 0}
    )


def _elect_under_load(members: ReplicaSet, load: Load) -> None:
    with ThreadPoolExecutor(CLIENTS) as clients:
        writing = [clients.submit(load.write, number) for number in range(CLIENTS)]
        try:
            for _ in range(ELECTIONS):
                time.sleep(random.uniform(0, LONGEST_REIGN_SECONDS))
                if any(client.done() for client in writing):
                    break  # with an error, which is raised below
                random.choice((members.step_down, members.crash))(random.uniform(0, LONGEST_ELECTION_SECONDS))
                members.wait_for_primary()
        finally:
            load.stop.set()
    for client in writing:
        client.result()
