"""Usage as it is shown: summed up by day, assistant or model."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.callers import Caller, KeyHolder
from app.domain.errors import InvalidError, UnavailableError
from app.domain.permissions import Action
from app.domain.usage import Calendar, Tally, UsageKey, added_up
from app.domain.users import User
from app.services.access import Access
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.usage import UsageCounters
from app.services.usage.batch_log import BatchLog
from app.services.usage.counting import UsageCounting

_MOST_DAYS = 366
_USUAL_DAYS = 30
_ASSISTANTS_AT_ONCE = 500
_TOTAL = UsageKey("", "", None)


class By(StrEnum):
    """What a row of a report is about."""

    DAY = "day"
    ASSISTANT = "assistant"
    MODEL = "model"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """What a report is of; `first` and `last` are days, both included (None: the 30 days up to today).

    `compare`: with as many days before.
    """

    by: By = By.DAY
    assistant_id: str | None = None
    first: date | None = None
    last: date | None = None
    compare: bool = False


@dataclass(frozen=True, slots=True)
class UsageRow:
    """A day, an assistant (its id, and its name unless it was deleted), a model (None: none) or all, and its usage.

    `previous`: that of as many days before (None: not asked for).
    """

    key: str | None
    tally: Tally
    name: str | None = None
    previous: Tally | None = None


class UsageReader:
    """Reads what has ended up to now: the counters, and what other processes have not counted yet."""

    def __init__(self, counters: UsageCounters, counting: UsageCounting, log: BatchLog) -> None:
        self._counters = counters
        self._counting = counting
        self._log = log

    def between(self, first: str, last: str, assistant_ids: Collection[str] | None) -> list[tuple[UsageKey, Tally]]:
        """The usage from the first to the last of these days, of these assistants (None: of all)."""
        with suppress(UnavailableError):  # while usage is rebuilt, what is uncounted is read all the same
            self._counting.count()
        wanted = None if assistant_ids is None else set(assistant_ids)

        def read() -> list[tuple[UsageKey, Tally]]:
            uncounted = [
                (key, tally)
                for key, tally in self._counting.uncounted()
                if first <= key.day <= last and (wanted is None or key.assistant_id in wanted)
            ]
            return [*self._counters.between(first, last, wanted), *uncounted]

        return self._log.read(read)


class UsageReport:
    """Shows usage to those who may see it."""

    def __init__(self, reader: UsageReader, assistants: Assistants, calendar: Calendar, clock: Clock) -> None:
        self._reader = reader
        self._assistants = assistants
        self._access = Access(assistants)
        self._calendar = calendar
        self._clock = clock

    def page(self, caller: Caller, wanted: UsageFilter, after: str | None, limit: int) -> list[UsageRow]:
        """At most so many rows after the key `after`: newest day or assistant first, or models by name.

        Raises `InvalidError` naming the filter that cannot be used, `ForbiddenError`.
        """
        first, last = self._days(wanted)
        assistant_ids = self._assistant_ids(caller, wanted.assistant_id)
        rows = self._rows(wanted.by, first, last, assistant_ids, timedelta())
        before: dict[str | None, Tally] = {}
        if wanted.compare:
            days = last - first + timedelta(days=1)
            before = self._rows(wanted.by, first - days, last - days, assistant_ids, days)
            rows = {key: rows.get(key, Tally()) for key in rows.keys() | before.keys()}
        keys = sorted(rows, key=_order, reverse=wanted.by is not By.MODEL)
        if after is not None:
            keys = [key for key in keys if (_order(key) > after if wanted.by is By.MODEL else _order(key) < after)]
        page = keys[:limit]
        names = self._assistants.names([key for key in page if key]) if wanted.by is By.ASSISTANT else {}
        previous = {key: before.get(key, Tally()) for key in page} if wanted.compare else {}
        return [UsageRow(key, rows[key], names.get(key or ""), previous.get(key)) for key in page]

    def _rows(
        self, by: By, first: date, last: date, assistant_ids: list[str] | None, later: timedelta
    ) -> dict[str | None, Tally]:
        """What each row sums up; days are shown `later` than they were."""
        found = self._reader.between(first.isoformat(), last.isoformat(), assistant_ids)
        sums = added_up((_summed_by(key, by), tally) for key, tally in found)
        if by is By.TOTAL:
            return {None: sums.get(_TOTAL, Tally())}
        if by is By.DAY and later:
            return {(date.fromisoformat(key.day) + later).isoformat(): tally for key, tally in sums.items()}
        return {_shown(key, by): tally for key, tally in sums.items()}

    def _days(self, wanted: UsageFilter) -> tuple[date, date]:
        last = wanted.last or self._calendar.date(self._clock())
        first = wanted.first or last - timedelta(days=_USUAL_DAYS - 1)
        if first > last:
            raise InvalidError("The days cannot be used.", {"from": ["Is after the last day (to)."]})
        if (last - first).days >= _MOST_DAYS:
            raise InvalidError(
                "The days cannot be used.", {"from": [f"At most {_MOST_DAYS} days can be asked for."]}
            )
        return first, last

    def _assistant_ids(self, caller: Caller, assistant_id: str | None) -> list[str] | None:
        """Whose usage is shown; None: that of all there are and were."""
        if isinstance(caller, KeyHolder):
            assistant_id = assistant_id or caller.assistant_id
        if assistant_id is not None:
            return [self._access.filtered(caller, assistant_id, Action.READ_USAGE).id]
        if isinstance(caller, KeyHolder) or caller.is_admin:
            return None
        return list(self._own(caller))

    def _own(self, caller: User) -> Iterator[str]:
        """The ids of the assistants that the caller has any role at."""
        before: str | None = None
        while True:
            page = self._assistants.page(caller.id, before, _ASSISTANTS_AT_ONCE)
            yield from (assistant.id for assistant in page)
            if len(page) < _ASSISTANTS_AT_ONCE:
                return
            before = page[-1].id


def _summed_by(key: UsageKey, by: By) -> UsageKey:
    """The key with what it is not summed up by left out."""
    if by is By.DAY:
        return UsageKey("", key.day, None)
    if by is By.ASSISTANT:
        return UsageKey(key.assistant_id, "", None)
    if by is By.TOTAL:
        return _TOTAL
    return UsageKey("", "", key.model)


def _shown(key: UsageKey, by: By) -> str | None:
    return {By.DAY: key.day, By.ASSISTANT: key.assistant_id, By.MODEL: key.model}[by]


def _order(key: str | None) -> str:
    """What rows are sorted by."""
    return key or ""
