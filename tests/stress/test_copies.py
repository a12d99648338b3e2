"""One message, delivered many times at once, is answered once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.stress.callers import Callers
from tests.stress.conftest import Started
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(300)]

COPIES = 200
THREADS = 16
ROUNDS = 10


def test_copies_get_one_answer(two_processes: Started, record_property: Callable[[str, object], None]) -> None:
    model = RecordingModel(0.3, 0.3)
    with model.served() as settings, two_processes(**settings) as callers:
        replayed = [_round(callers, number) for number in range(ROUNDS)]
        chats = callers.record()
    assert replayed == [COPIES - 1] * ROUNDS
    assert len(model.calls) == len(chats) == ROUNDS
    figures = {"rounds": ROUNDS, "copies_each": COPIES, "threads": THREADS, "processes": 2}
    record_property("copies", figures | {"model_calls": len(model.calls), "chats": len(chats)})


def _round(callers: Callers, number: int) -> int:
    """Deliver one message many times; how many answers were repetitions of the one."""

    def deliver(copy: int) -> httpx.Response:
        return callers.deliver(copy, f"+55{number:011}", "Qual é o prazo de entrega?", f"mensagem {number}")

    with ThreadPoolExecutor(THREADS) as threads:
        responses = list(threads.map(deliver, range(COPIES)))
    assert Counter(response.status_code for response in responses) == {200: COPIES}
    assert len({response.text for response in responses}) == 1
    assert responses[0].json()["response"].endswith("Qual é o prazo de entrega?")
    return sum(response.headers.get("Idempotent-Replayed") == "true" for response in responses)
