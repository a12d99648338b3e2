"""A budget under 64 messages at once in two processes."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.stress.conftest import Started
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(900)]

THREADS = 64
MESSAGES = 1000
BUDGET = Decimal("0.50")
MOST_TOKENS = 20
# A thousandth of a real for a token. The stub counts 21 tokens in and 7 out.
PRICE = {"model": "*", "currency": "BRL", "in_per_million": "100", "out_per_million": "100"}
ONE_ANSWER = Decimal(28) * 100 / 1_000_000


def test_it_is_spent_and_not_overspent(
    two_processes: Started, record_property: Callable[[str, object], None]
) -> None:
    model = RecordingModel(0, 0.1)
    with (
        model.served() as settings,
        two_processes(LLM_MAX_OUTPUT_TOKENS=MOST_TOKENS, BURST_QUIET_SECONDS=0, **settings) as callers,
    ):
        http = callers.clients[0]
        valid_from = "2020-01-01T00:00:00+00:00"
        assert http.put("/prices", json={"prices": [{**PRICE, "valid_from": valid_from}]}).status_code == 200
        chosen = {"monthly_budget_brl": str(BUDGET), "when_exhausted": "error"}
        assert http.put(f"/assistants/update/{callers.assistant_id}", json=chosen).status_code == 200

        def ask(number: int) -> str:
            response = callers.deliver(number, f"+55{number}", f"mensagem {number}")
            return response.json()["code"] if response.status_code == 503 else str(response.status_code)

        with ThreadPoolExecutor(THREADS) as threads:
            ended = Counter(threads.map(ask, range(MESSAGES)))
        (usage,) = http.get("/usage").json()
        refused = ask(MESSAGES)

    answered = ended.pop("200")
    assert set(ended) <= {"budget_exhausted"}
    assert refused == "budget_exhausted"
    assert (usage["answered"], len(model.calls)) == (answered, answered)
    spent = Decimal(usage["cost_brl"])
    assert BUDGET <= spent <= BUDGET + 2 * ONE_ANSWER
    figures: dict[str, Any] = {"threads": THREADS, "messages": MESSAGES, "answered": answered}
    record_property("budgets", figures | {"budget_brl": str(BUDGET), "spent_brl": str(spent)})
