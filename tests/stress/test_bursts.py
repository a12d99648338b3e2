"""Three messages in quick succession get one answer, which knows all three."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.stress.callers import Callers
from tests.stress.conftest import Started
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(300)]

BURSTS = 100
AT_ONCE = 8
WITHIN_SECONDS = 0.3
QUIET_SECONDS = 1
TEXTS = ("oi", "tudo bem?", "qual o prazo de entrega?")


def test_three_messages_are_answered_as_one(
    two_processes: Started, record_property: Callable[[str, object], None]
) -> None:
    model = RecordingModel(0.1, 0.3)
    channels = [f"+55{number:011}" for number in range(BURSTS)]
    with model.served() as settings, two_processes(BURST_QUIET_SECONDS=QUIET_SECONDS, **settings) as callers:
        with ThreadPoolExecutor(AT_ONCE) as customers:
            bursts = list(customers.map(lambda channel: _burst(callers, channel), channels))
        records = [callers.record(channel=channel) for channel in channels]
    for replies, record in zip(bursts, records, strict=True):
        assert sorted(replies, key=lambda reply: str(reply["_id"])) == record
        *earlier, last = record
        # Each went into one that came later, and so by one or two steps into the last.
        assert all(chat["response"] is None and chat["merged_into"] > chat["_id"] for chat in earlier)
        assert {chat["merged_into"] for chat in earlier} <= {chat["_id"] for chat in record}
        assert last["response"].endswith(_question(record))
    assert sorted(call.question for call in model.calls) == sorted(map(_question, records))
    figures = {"bursts": BURSTS, "messages_each": len(TEXTS), "within_seconds": WITHIN_SECONDS, "processes": 2}
    record_property("bursts", figures | {"quiet_seconds": QUIET_SECONDS, "model_calls": len(model.calls)})


def _question(record: list[dict[str, Any]]) -> str:
    """What the model has to be asked: all that the customer wrote."""
    return "\n".join(chat["message"] for chat in record)


def _burst(callers: Callers, channel: str) -> list[dict[str, Any]]:
    """What the requests of one burst got."""

    def say(part: int) -> dict[str, Any]:
        time.sleep(moments[part])
        response = callers.deliver(random.randrange(2), channel, f"{channel} {TEXTS[part]}")
        assert response.status_code == 200, response.text
        return dict(response.json())

    moments = sorted(random.uniform(0, WITHIN_SECONDS) for _ in TEXTS)
    with ThreadPoolExecutor(len(TEXTS)) as requests:
        return list(requests.map(say, range(len(TEXTS))))
