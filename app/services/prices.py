"""The price list: shown to and set by administrators, and known to whatever counts costs."""

import threading
from datetime import datetime

from app.domain.audit import AuditAction, Target
from app.domain.callers import Caller
from app.domain.prices import REAL, PriceHistory, PriceList
from app.services.access import check_administrator
from app.services.audit import AuditLog
from app.services.ports import Clock
from app.services.ports.usage import PriceLists

# A change a day for some years. Messages from before the oldest list are priced by that.
_MOST_LISTS = 2000
# So many lines of a list the audit keeps; the lists themselves are all kept.
_MOST_LINES = 100


class PriceBook:
    """The history of the price lists, of which those that are known need not be read again."""

    def __init__(self, lists: PriceLists) -> None:
        self._lists = lists
        self._lock = threading.Lock()
        self._known: list[PriceList] = []
        self._history = PriceHistory(())

    def history(self) -> PriceHistory:
        """All price lists, as they are now."""
        with self._lock:
            latest: datetime | None = max((one.changed_at for one in self._known), default=None)
            new = self._lists.set_after(latest)
            if new:
                self._known = sorted([*self._known, *new], key=lambda one: one.changed_at)
                self._history = PriceHistory(self._known)
            return self._history

    def set(self, prices: PriceList) -> None:
        """Put a list in force; of very many, the oldest are forgotten."""
        self._lists.add(prices)
        self.history()
        if len(self._known) > _MOST_LISTS:
            self._lists.delete_before(self._known[-_MOST_LISTS].changed_at)


class PriceService:
    """The price list for administrators."""

    def __init__(self, book: PriceBook, clock: Clock, audit: AuditLog) -> None:
        self._book = book
        self._clock = clock
        self._audit = audit

    def now(self) -> datetime:
        """The time in whole milliseconds, as price lists have it."""
        moment = self._clock()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def current(self, caller: Caller) -> PriceList | None:
        """The list in force, None where none was ever set; raises `ForbiddenError`."""
        check_administrator(caller)
        return self._book.history().current

    def put(self, caller: Caller, prices: PriceList) -> PriceList:
        """Put a list in force; raises `ForbiddenError`."""
        check_administrator(caller)
        old, new = _lines(self._book.history().current), _lines(prices)
        before = {"removed": [line for line in old if line not in new][:_MOST_LINES]}
        after = {"added": [line for line in new if line not in old][:_MOST_LINES]}
        with self._audit.change(caller, AuditAction.PRICES_UPDATE, Target("prices"), before=before, after=after):
            self._book.set(prices)
        return prices


def _lines(prices: PriceList | None) -> dict[str, None]:
    """What a list says, for people to read."""
    if prices is None:
        return {}
    costs = (
        f"{one.model}: {one.input} in, {one.output} out, {one.currency}, from {one.valid_from:%Y-%m-%d %H:%M:%S}"
        + (f", {one.cached_input} cached" if one.cached_input is not None else "")
        for one in prices.prices
    )
    rates = (f"{one.currency}: {one.brl} {REAL}, from {one.valid_from:%Y-%m-%d %H:%M:%S}" for one in prices.rates)
    return dict.fromkeys([*costs, *rates])
