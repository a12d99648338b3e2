"""Many conversations at once, several messages of each under way: one at a time, in order, with their history."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import pytest

from tests.stress.callers import Callers
from tests.stress.conftest import Started
from tests.stress.model import Call, RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(400)]

CONVERSATIONS = 50
MESSAGES = 20
CLIENTS = 40


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that was answered, and its seconds on the monotonic clock."""

    channel: str
    text: str
    sent: float
    answered: float


def test_order_and_history_are_right_in_all_conversations(
    two_processes: Started, record_property: Callable[[str, object], None]
) -> None:
    channels = [f"+55{number:011}" for number in range(CONVERSATIONS)]
    messages = [(channel, f"{channel} pergunta {number}") for channel in channels for number in range(MESSAGES)]
    random.shuffle(messages)
    model = RecordingModel(0, 0.1)
    with (
        model.served() as settings,
        two_processes(HISTORY_TURNS=100, LLM_TIMEOUT_SECONDS=60, **settings) as callers,
    ):
        with ThreadPoolExecutor(CLIENTS) as clients:
            deliveries = list(clients.map(lambda message: _deliver(callers, *message), messages))
        records = {channel: callers.record(channel=channel) for channel in channels}
    overtaken, overlapping, at_once = 0, 0, 0
    for channel, record in records.items():
        calls = [call for call in model.calls if call.question.startswith(f"{channel} ")]
        own = [delivery for delivery in deliveries if delivery.channel == channel]
        assert [call.shown for call in calls] == _expected(record)
        overtaken += _overtaken(own, record)
        overlapping += _overlapping(calls)
        at_once = max(at_once, _most_at_once(own))
    assert len(model.calls) == CONVERSATIONS * MESSAGES
    assert (overtaken, overlapping) == (0, 0)
    assert at_once > 1, "no conversation had a line, so this proves nothing"
    figures = {"conversations": CONVERSATIONS, "messages_each": MESSAGES, "clients": CLIENTS, "processes": 2}
    found = {"model_calls": len(model.calls), "overtaken": overtaken, "overlapping_calls": overlapping}
    record_property("order", figures | found | {"longest_queue": at_once})


def _deliver(callers: Callers, channel: str, text: str) -> Delivery:
    sent = time.monotonic()
    response = callers.deliver(random.randrange(2), channel, text)
    assert response.status_code == 200, response.text
    return Delivery(channel, text, sent, time.monotonic())


def _expected(record: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    """What each call of a conversation has to be shown, by its record: all before it, and its own message."""
    said: list[tuple[str, str]] = []
    expected = []
    for chat in record:
        said.append(("user", chat["message"]))
        expected.append(list(said))
        said.append(("assistant", chat["response"]))
    return expected


def _overtaken(deliveries: list[Delivery], record: list[dict[str, Any]]) -> int:
    """How many messages are in the record before one that was answered before they were sent."""
    place = {chat["message"]: number for number, chat in enumerate(record)}
    in_order = sorted(deliveries, key=lambda delivery: place[delivery.text])
    return sum(later.answered < earlier.sent for earlier, later in combinations(in_order, 2))


def _overlapping(calls: list[Call]) -> int:
    return sum(later.began < earlier.ended for earlier, later in pairwise(calls))


def _most_at_once(deliveries: list[Delivery]) -> int:
    """How many messages of a conversation were under way at one time."""
    return max(sum(other.sent <= delivery.sent < other.answered for other in deliveries) for delivery in deliveries)
