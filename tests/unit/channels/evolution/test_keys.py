"""The times of messages, as JavaScript writes them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.channels.evolution.keys import moment_of
from tests.unit.channels.evolution.webhooks import SECONDS

AT = datetime.fromtimestamp(SECONDS, UTC)


@pytest.mark.parametrize(
    "said", [SECONDS, str(SECONDS), float(SECONDS), SECONDS * 1000, {"low": SECONDS, "high": 0}]
)
def test_a_time_is_read_however_javascript_writes_it(said: Any) -> None:
    assert moment_of(said) == AT


@pytest.mark.parametrize(
    "said", [0, -1, 12, None, True, "x", "", "9" * 30, 1e300, float("nan"), {"low": 1, "high": 7}, []]
)
def test_a_time_that_cannot_be_is_none(said: Any) -> None:
    assert moment_of(said) is None
