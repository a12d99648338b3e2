"""The price list: shown to and set by administrators, and known to whatever counts costs."""

import threading
from datetime import datetime

from app.domain.callers import Caller
from app.domain.prices import PriceHistory, PriceList
from app.services.access import check_administrator
from app.services.ports import Clock
from app.services.ports.usage import PriceLists

# A change a day for some years. Messages from before the oldest list are priced by that.
_MOST_LISTS = 2000


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

    def __init__(self, book: PriceBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock

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
        self._book.set(prices)
        return prices
