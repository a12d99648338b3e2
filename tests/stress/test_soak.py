"""Ten minutes of mixed traffic: the last minute is as quick as the first, memory and open files stay."""

import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import psutil
import pytest

from bench.children import cpu_seconds, database_of
from tests.e2e.service import Service, running
from tests.stress.callers import Callers, calling
from tests.stress.conftest import make_place
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(3600)]

MINUTES = 10
CLIENTS = 6
CHANNELS = 300
DOCUMENTS = 20
# Shares of the traffic; the rest are messages.
SWITCHES, LISTS, UPLOADS = 0.05, 0.15, 0.005
# Of a request's CPU in the first minute, in the last; of the first minute's memory and open files.
MOST_GROWTH = 1.2
MOST_MEGABYTES = 40
MOST_FILES = 20
# The embedded database's memory grows until its cache of 256 MB is full.
MOST_DATABASE_MEGABYTES = 400


@dataclass
class Traffic:
    """Customers and an operator who never rest; `done` counts requests."""

    service: Service
    callers: Callers
    stop: Event = field(default_factory=Event)
    done: int = 0

    def go_on(self, client: int) -> None:
        """What one client does until it is told to stop."""
        chance, number = random.Random(client), 0
        while not self.stop.is_set():
            number += 1
            self.make_request(chance, f"cliente {client} mensagem {number}")
            self.done += 1

    def make_request(self, chance: random.Random, message_id: str) -> None:
        channel, kind = f"+55{chance.randrange(CHANNELS):011}", chance.random()
        if kind < UPLOADS:
            name = f"documento {chance.randrange(DOCUMENTS)}.md"
            self.service.upload(self.callers.assistant_id, f"# Prazo\n\n{message_id}".encode(), name)
        elif kind < UPLOADS + SWITCHES:
            assert self.callers.switch(0, channel, active=chance.random() < 0.9) in {200, 404}
        elif kind < UPLOADS + SWITCHES + LISTS:
            path = chance.choice(["/chats/list", "/chats/listarInativos", "/conversations/list"])
            assert self.callers.clients[0].get(path, params={"limit": "20"}).status_code == 200
        else:
            response = self.callers.deliver(0, channel, f"{message_id}: qual é o prazo?", message_id)
            assert response.status_code in {200, 409, 429}, response.text


@dataclass(frozen=True, slots=True)
class Minute:
    """What a minute of traffic took."""

    requests: int
    cpu_ms: float
    megabytes: float
    database_megabytes: float
    files: int


def test_it_runs_as_well_after_ten_minutes_as_at_first(
    tmp_path: Path,
    bundled_models: Path,
    pytestconfig: pytest.Config,
    record_property: Callable[[str, object], None],
) -> None:
    place, model = make_place(tmp_path / "service", bundled_models), RecordingModel(0, 0)
    minutes = pytestconfig.getoption("soak_minutes", None) or MINUTES
    with (
        model.served() as settings,
        running(place, None, LOG_LEVEL="WARNING", **settings) as service,
        calling([service], service.make_assistant()) as callers,
    ):
        traffic = Traffic(service, callers)
        found = watched(traffic, psutil.Process(service.process.pid), minutes)
    model.calls.clear()
    first, last = found[1], found[-1]  # the first minute of all warms up
    figures = {
        "minutes": minutes,
        "requests": [minute.requests for minute in found],
        "cpu_ms": [round(minute.cpu_ms, 2) for minute in found],
        "megabytes": [round(minute.megabytes) for minute in found],
        "database_megabytes": [round(minute.database_megabytes) for minute in found],
        "files": [minute.files for minute in found],
    }
    assert last.cpu_ms <= MOST_GROWTH * first.cpu_ms, figures
    assert last.requests >= first.requests / MOST_GROWTH**2, figures
    assert statistics.median(minute.megabytes for minute in found[-3:]) <= first.megabytes + MOST_MEGABYTES, figures
    assert last.database_megabytes <= MOST_DATABASE_MEGABYTES, figures
    assert last.files <= first.files + MOST_FILES, figures
    record_property("soak", figures)


def watched(traffic: Traffic, process: psutil.Process, minutes: int) -> list[Minute]:
    """The minutes of the traffic, one after another."""
    database, found = database_of(process), []
    with ThreadPoolExecutor(CLIENTS) as clients:
        going = [clients.submit(traffic.go_on, number) for number in range(CLIENTS)]
        try:
            for _ in range(minutes):
                done, used = traffic.done, cpu_seconds(process) + cpu_seconds(database)
                time.sleep(60)
                assert not any(client.done() for client in going)
                requests = traffic.done - done
                spent = cpu_seconds(process) + cpu_seconds(database) - used
                ours, theirs = (one.memory_info().rss / 1e6 for one in (process, database))
                found.append(Minute(requests, 1000 * spent / requests, ours, theirs, process.num_fds()))
        finally:
            traffic.stop.set()
    for client in going:
        client.result()
    return found
