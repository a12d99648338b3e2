"""Usage: what an assistant's messages were and cost, added up by day and model."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain.chats import WORKED_ON, ChatState
from app.domain.conversations import Tokens
from app.domain.prices import PriceHistory

Tally = Counter[str]
"""Numbers by their names: those of `NUMBERS`, and how many answers took how long (`times.<bucket>`)."""

NUMBERS = (
    *("messages", "answered", "degraded", "handed_over", "unanswered", "discarded", "failed", "tests"),
    *("tokens_in", "tokens_out", "tokens_cached", "cost", "unpriced"),
)
TIMES = "times."
# What a server counts beyond is no number of tokens, and would not fit into a sum.
_MOST_TOKENS = 1_000_000_000
# Buckets of answer times grow by a tenth, so that a percentile is right within 5 %.
_GROWTH = math.log(1.1)


@dataclass(frozen=True, slots=True)
class UsageKey:
    """What usage is added up by; `day` is written 2026-11-22, `model` is None for what no model answered."""

    assistant_id: str
    day: str
    model: str | None


@dataclass(frozen=True, slots=True)
class CountableChat:
    """What usage takes from a chat; only what has ended counts.

    `took_ms`: from the message's arrival to its answer (None: not known). `by_person`: no customer wrote it, so
    that nothing of it counts. `interval` is when it ended, None in chats from before there was usage.
    `discard_interval` is when an answer was made that nobody got (None: there is none), which may be later. An
    interval is counted as a whole. `unanswered`: the assistant did not know.
    """

    id: str
    assistant_id: str
    created_at: datetime
    state: ChatState
    model: str | None = None
    tokens: Tokens = Tokens()  # noqa: RUF009 - frozen
    degraded: bool = False
    handed_over: bool = False
    took_ms: int | None = None
    by_person: bool = False
    interval: str | None = None
    discard_interval: str | None = None
    unanswered: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing will be added to it, but for an answer that comes too late."""
        return self.by_person or self.state not in WORKED_ON

    def usage(self, prices: PriceHistory) -> Iterator[tuple[str | None, Tally]]:
        """All it adds to the usage of its day, by model."""
        yield from self._end(prices)
        yield from self._discarded(prices)

    def usage_within(
        self, prices: PriceHistory, intervals: Collection[str | None]
    ) -> Iterator[tuple[str | None, Tally]]:
        """What of that came about in one of these intervals."""
        if self.interval in intervals:
            yield from self._end(prices)
        if self.discard_interval in intervals:
            yield from self._discarded(prices)

    def usage_outside(self, prices: PriceHistory, intervals: Collection[str]) -> Iterator[tuple[str | None, Tally]]:
        """What of that did not."""
        if self.interval not in intervals:
            yield from self._end(prices)
        if self.discard_interval not in intervals:
            yield from self._discarded(prices)

    def _end(self, prices: PriceHistory) -> Iterator[tuple[str | None, Tally]]:
        if self.by_person or not self.has_ended:
            return
        tally = Tally({"messages": 1})
        if self.state is ChatState.ANSWERED:
            tally.update({"answered": 1, "degraded": int(self.degraded), "handed_over": int(self.handed_over)})
            tally["unanswered"] = int(self.unanswered)
            tally.update(self._spent(prices))
            if self.took_ms is not None:
                tally[f"{TIMES}{bucket_of(self.took_ms)}"] += 1
            yield self.model, tally
            return
        tally["failed"] = int(self.state is ChatState.FAILED)
        yield None, tally

    def _discarded(self, prices: PriceHistory) -> Iterator[tuple[str | None, Tally]]:
        if self.discard_interval is not None:
            yield self.model, self._spent(prices) + Tally({"discarded": 1})

    def _spent(self, prices: PriceHistory) -> Tally:
        tokens, cost = self.tokens, prices.cost(self.model, self.tokens, self.created_at)
        numbers = {"tokens_in": tokens.input, "tokens_out": tokens.output, "tokens_cached": tokens.cached}
        spent = {name: min(number, _MOST_TOKENS) for name, number in numbers.items()}
        return Tally({**spent, "cost": cost or 0, "unpriced": int(cost is None)})


class Calendar:
    """What a day and a month are in the time zone of the settings; a message belongs to when it came in."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def date(self, moment: datetime) -> date:
        """The date of a moment."""
        return moment.astimezone(self._zone).date()

    def day(self, moment: datetime) -> str:
        """The day of a moment, such as 2026-11-22."""
        return self.date(moment).isoformat()

    def month(self, moment: datetime) -> str:
        """The month of a moment, such as 2026-11."""
        return self.day(moment)[:7]


def added_up(items: Iterable[tuple[UsageKey, Tally]]) -> dict[UsageKey, Tally]:
    """The sum of each key; numbers that are 0 are left out."""
    sums: dict[UsageKey, Tally] = {}
    for key, tally in items:
        sums.setdefault(key, Tally()).update(tally)
    return {key: Tally({name: number for name, number in tally.items() if number}) for key, tally in sums.items()}


def bucket_of(milliseconds: int) -> int:
    """The bucket an answer time is counted in."""
    return round(math.log(max(milliseconds, 1)) / _GROWTH)


def percentile(times: Mapping[int, int], share: float) -> float | None:
    """The answer time in seconds that this share of the answers did not exceed (nearest rank), within 5 %.

    `times` says how many answers each bucket has; None where there is none.
    """
    rank = math.ceil(share * sum(times.values()))
    for bucket in sorted(times):
        rank -= times[bucket]
        if rank <= 0:
            return round(math.exp(bucket * _GROWTH) / 1000, 3)
    return None


def times_of(tally: Tally) -> dict[int, int]:
    """How many answers each bucket has."""
    return {int(name.removeprefix(TIMES)): number for name, number in tally.items() if name.startswith(TIMES)}
