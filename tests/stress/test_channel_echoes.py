"""Somebody writes on the phone while the assistant answers: from then on nothing of the assistant's is sent."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.ids import new_id
from tests.fakes.graph_server import GraphServer
from tests.stress.callers import Callers
from tests.stress.channel_kinds import ALLOWED, Timed, WhatsApp, add_channel
from tests.stress.conftest import Started
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(1200)]

RACES = 500
AT_ONCE = 8
MODEL_SECONDS = (0.1, 0.3)
LATEST_SECONDS = 1.5
QUIET_SECONDS = 3


def test_nothing_is_sent_after_an_echo_was_stored(
    two_processes: Started, record_property: Callable[[str, object], None]
) -> None:
    model = RecordingModel(*MODEL_SECONDS)
    with GraphServer() as graph, model.served() as settings, two_processes(**ALLOWED, **settings) as callers:
        kind = WhatsApp(graph)
        _, path = add_channel(callers.clients[0], callers.assistant_id, kind)
        with ThreadPoolExecutor(AT_ONCE) as racers:
            stored = list(racers.map(lambda number: _race(callers, kind, path, number), range(RACES)))
        time.sleep(QUIET_SECONDS)
        assert isinstance(graph.sent, Timed)
        sent = {contact: at for (contact, _), at in zip(kind.sent(), graph.sent.times, strict=True)}
        people = sum(chat["by_person"] for chat in callers.record())
    late = [contact for contact, at in sent.items() if at > stored[contact]]

    assert late == []
    assert people == RACES
    answered_before, silenced = len(sent), RACES - len(sent)
    assert min(answered_before, silenced) > RACES / 50
    figures = {"races": RACES, "processes": 2, "answered_before": answered_before, "silenced": silenced}
    record_property("channel_echoes", {**figures, "sent_after": 0})


def _race(callers: Callers, kind: WhatsApp, path: str, contact: int) -> float:
    """When the echo was stored, in seconds on the monotonic clock.

    Nobody writes the same twice: that is what phones do by themselves.
    """
    customers, phones = random.sample(list(callers.clients), 2)
    body, headers = kind.request(contact, 0, "Oi")
    assert customers.post(path, content=body, headers=headers).status_code == 200
    time.sleep(random.uniform(0, LATEST_SECONDS))
    body, headers = kind.echo(contact, 0, f"Aqui é a Ana, pedido {new_id()}.")
    assert phones.post(path, content=body, headers=headers).status_code == 200
    return time.monotonic()
