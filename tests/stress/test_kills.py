"""kill -9 again and again under load: every message is stored once, answered once, and blocks nobody."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from zlib import crc32

import httpx
import pytest

from tests.e2e.service import Service, environment
from tests.stress.callers import Callers, calling
from tests.stress.model import RecordingModel
from tests.stress.victim import Victim

pytestmark = [pytest.mark.stress, pytest.mark.timeout(1800)]

KILLS = 100
CLIENTS = 8
CHANNELS = 5
LONGEST_LIFE_SECONDS = 1.5
TIME_LIMIT_SECONDS = 10
SLACK_SECONDS = 2
GIVE_UP_SECONDS = 120
REPEATED = 0.2


@dataclass
class Load:
    """Customers who write until they are told to stop; each message is delivered until it is answered.

    `slowest` is the longest time a message took since it was first sent, or the service was last started.
    """

    callers: Callers
    victim: Victim
    stop: Event = field(default_factory=Event)
    slowest: float = 0
    cut_off: int = 0
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, client: int) -> None:
        """What one client does."""
        own: list[str] = []
        while not self.stop.is_set():
            message_id = f"cliente {client} mensagem {len(own)}"
            own.append(message_id)
            self.answers[message_id] = self.deliver(message_id).json()
            if random.random() < REPEATED:
                self.check_repetition(random.choice(own))

    def deliver(self, message_id: str) -> httpx.Response:
        """The answer to a message, delivered again whenever the service was killed."""
        channel = f"+55{crc32(message_id.encode()) % CHANNELS:011}"
        sent = time.monotonic()
        while time.monotonic() - sent < GIVE_UP_SECONDS:
            try:
                response = self.callers.deliver(0, channel, message_id, message_id)
            except httpx.TransportError:
                self.cut_off += 1
                time.sleep(random.uniform(0.1, 0.4))
                continue
            assert response.status_code == 200, response.text
            self.slowest = max(self.slowest, time.monotonic() - max(sent, self.victim.up_since))
            return response
        raise AssertionError("A message was never answered.")

    def check_repetition(self, message_id: str) -> None:
        """An answer that was given is given again, and no other."""
        response = self.deliver(message_id)
        assert response.headers["Idempotent-Replayed"] == "true"
        assert response.json() == self.answers[message_id]


def test_nothing_is_lost_doubled_or_blocked(
    place: Path, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    kills = pytestconfig.getoption("kills", None) or KILLS
    model = RecordingModel(0, 0.2)
    with (
        model.served() as settings,
        Victim(place, LLM_TIMEOUT_SECONDS=TIME_LIMIT_SECONDS, **settings) as victim,
        calling([victim.service], victim.service.make_assistant()) as callers,
    ):
        load = Load(callers, victim)
        _kill_under_load(victim, load, kills)
        for message_id in load.answers:
            load.check_repetition(message_id)
        record = callers.record()
        check_usage(victim, place, record)
    assert Counter(chat["message"] for chat in record) == Counter(load.answers.keys())
    assert all(chat == load.answers[chat["message"]] for chat in record)
    assert load.slowest < TIME_LIMIT_SECONDS + SLACK_SECONDS
    figures = {"kills": kills, "clients": CLIENTS, "messages": len(record), "model_calls": len(model.calls)}
    found = {"deliveries_without_answer": load.cut_off, "slowest_answer_seconds": round(load.slowest, 2)}
    record_property("kills", figures | found | {"lost": 0, "answered_twice": 0, "blocked": 0})


def check_usage(victim: Victim, place: Path, record: list[dict[str, Any]]) -> None:
    """The counters say what the record says, to the last token, and so they do when they are made anew from it."""
    counted = usage_of(victim.service)
    for name in ("in", "out"):
        assert sum(row["tokens"][name] for row in counted) == sum(chat["tokens"][name] for chat in record)
    assert sum(row["messages"] for row in counted) == sum(row["answered"] for row in counted) == len(record)

    rebuilt = subprocess.run(
        [sys.executable, "-m", "app", "usage", "rebuild"], cwd=place, env=environment(place), check=False
    )

    assert rebuilt.returncode == 0
    assert usage_of(victim.service) == counted


def usage_of(service: Service) -> list[dict[str, Any]]:
    return list(service.http.get("/usage", params={"by": "model"}).json())


def _kill_under_load(victim: Victim, load: Load, kills: int) -> None:
    with ThreadPoolExecutor(CLIENTS) as clients:
        writing = [clients.submit(load.write, number) for number in range(CLIENTS)]
        try:
            for _ in range(kills):
                time.sleep(random.uniform(0, LONGEST_LIFE_SECONDS))
                if any(client.done() for client in writing):
                    break  # with an error, which is raised below
                victim.kill_and_restart()
        finally:
            load.stop.set()
    for client in writing:
        client.result()
