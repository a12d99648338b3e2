"""Usage: what chats add to it, days, and percentiles."""

import random
import statistics
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.chats import ChatState
from app.domain.conversations import Tokens
from app.domain.prices import PriceHistory
from app.domain.usage import Calendar, CountableChat, Tally, UsageKey, added_up, bucket_of, percentile, times_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NO_PRICES = PriceHistory([])


def chat(state: ChatState, **values: Any) -> CountableChat:
    return CountableChat("c", "a", NOW, state, **{"model": "gpt", "tokens": Tokens(10, 5, cached=2), **values})


def usage(of: CountableChat) -> list[tuple[str | None, dict[str, int]]]:
    return [(model, dict(+tally)) for model, tally in of.usage(NO_PRICES)]


SPENT = {"tokens_in": 10, "tokens_out": 5, "tokens_cached": 2, "unpriced": 1}


def test_an_answer() -> None:
    assert usage(chat(ChatState.ANSWERED)) == [("gpt", {"messages": 1, "answered": 1, **SPENT})]
    handed_over = chat(ChatState.ANSWERED, handed_over=True, degraded=True, took_ms=1000)
    assert usage(handed_over) == [
        ("gpt", {"messages": 1, "answered": 1, "handed_over": 1, "degraded": 1, "times.72": 1, **SPENT}),
    ]


@pytest.mark.parametrize(
    ("state", "counted"),
    [
        (ChatState.FAILED, {"messages": 1, "failed": 1}),
        (ChatState.LEFT, {"messages": 1}),
        (ChatState.MERGED, {"messages": 1}),
    ],
)
def test_what_got_no_answer_of_its_own(state: ChatState, counted: dict[str, int]) -> None:
    assert usage(chat(state)) == [(None, counted)]
    assert usage(chat(state, discard_interval="1")) == [(None, counted), ("gpt", {"discarded": 1, **SPENT})]


@pytest.mark.parametrize("state", [ChatState.GATHERING, ChatState.ANSWERING])
def test_what_has_not_ended(state: ChatState) -> None:
    assert usage(chat(state)) == []
    assert not chat(state).has_ended


def test_what_people_wrote() -> None:
    assert usage(chat(ChatState.ANSWERED, by_person=True)) == []
    assert chat(ChatState.ANSWERING, by_person=True).has_ended


@pytest.mark.parametrize("interval", [None, "1", "2"])
@pytest.mark.parametrize("discard_interval", ["1", "2"])
def test_what_is_within_intervals_and_what_is_outside_are_all(interval: str | None, discard_interval: str) -> None:
    one = chat(ChatState.LEFT, interval=interval, discard_interval=discard_interval)

    within, outside = list(one.usage_within(NO_PRICES, {"1"})), list(one.usage_outside(NO_PRICES, {"1"}))

    assert len(within) == [interval, discard_interval].count("1")
    assert sorted(map(str, within + outside)) == sorted(map(str, one.usage(NO_PRICES)))


def test_numbers_that_no_sum_has_room_for() -> None:
    ((_, tally),) = chat(ChatState.ANSWERED, tokens=Tokens(10**18, 1)).usage(NO_PRICES)

    assert tally["tokens_in"] == 10**9


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 22, 2, 59, 59, tzinfo=UTC), "2026-11-21"),
        (datetime(2026, 11, 22, 3, tzinfo=UTC), "2026-11-22"),
        (datetime(2027, 1, 1, 2, tzinfo=UTC), "2026-12-31"),
        # In summers until 2019 the clocks of São Paulo were an hour ahead.
        (datetime(2018, 12, 22, 2, 30, tzinfo=UTC), "2018-12-22"),
    ],
)
def test_days(moment: datetime, day: str) -> None:
    calendar = Calendar("America/Sao_Paulo")

    assert (calendar.day(moment), calendar.month(moment)) == (day, day[:7])


def test_sums() -> None:
    one, other = UsageKey("a", "2026-11-22", "gpt"), UsageKey("a", "2026-11-22", None)
    items = [
        (one, Tally({"messages": 1, "failed": 0})),
        (other, Tally({"messages": 2})),
        (one, Tally({"messages": 3})),
    ]

    assert added_up(items) == {one: {"messages": 4}, other: {"messages": 2}}


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_percentiles_are_right_within_5_percent(share: float) -> None:
    randomness = random.Random(1)
    taken = [round(randomness.lognormvariate(7, 1)) for _ in range(5000)]
    tally = Tally(f"times.{bucket_of(one)}" for one in taken)

    found = percentile(times_of(tally), share)

    assert found == pytest.approx(statistics.quantiles(taken, n=100)[round(share * 100) - 1] / 1000, rel=0.06)


@pytest.mark.parametrize(
    ("times", "p50", "p95"), [({}, None, None), ({0: 1}, 0.001, 0.001), ({0: 19, 72: 1}, 0.001, 0.001)]
)
def test_few_times(times: dict[int, int], p50: float | None, p95: float | None) -> None:
    assert (percentile(times, 0.5), percentile(times, 0.95)) == (p50, p95)


def test_each_time_has_a_bucket() -> None:
    assert [bucket_of(one) for one in (-5, 0, 1, 1000, 600_000)] == [0, 0, 0, 72, 140]
