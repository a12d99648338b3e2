"""The counters, made anew from the chats."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.domain.errors import UnavailableError
from app.domain.ids import made_at, new_id
from app.domain.prices import PriceHistory
from app.domain.usage import Calendar, CountableChat, Tally, UsageKey, added_up
from app.domain.usage_batches import Batch, LogState
from app.services.ports import Clock
from app.services.ports.usage import CountableChats, Intervals, UsageCounters, UsageLog
from app.services.prices import PriceBook
from app.services.usage.batch_log import BatchLog
from app.services.usage.budget_ledger import BudgetLedger

_HOLD = timedelta(seconds=60)
_RENEW_SECONDS = 15.0
_LONGEST_WAIT_SECONDS = 120.0
_PAUSE_SECONDS = 0.1
_CHATS_BETWEEN_LOOKS = 1000
_CLOCK_MARGIN = timedelta(minutes=5)


class ChatTallies:
    """What the counters of an assistant have to be."""

    def __init__(
        self,
        counters: UsageCounters,
        chats: CountableChats,
        intervals: Intervals,
        prices: PriceBook,
        calendar: Calendar,
    ) -> None:
        self._counters = counters
        self._chats = chats
        self._intervals = intervals
        self._prices = prices
        self._calendar = calendar

    def of_assistant(self, assistant_id: str, check: Callable[[], None]) -> dict[UsageKey, Tally]:
        """What was counted of its chats, and of chats that are no more; `check` is called now and then."""
        removed = self._counters.removed(assistant_id)
        counted = added_up(removed.items())
        for key, tally in self._of_chats(assistant_id, check):
            counted.setdefault(key, Tally()).update(tally)
        return {key: counted.get(key, Tally()) for key in counted.keys() | removed.keys()}

    def _of_chats(self, assistant_id: str, check: Callable[[], None]) -> Iterator[tuple[UsageKey, Tally]]:
        """What was counted. Which intervals are not is known for sure when all chats have been read."""
        began, uncounted, prices = new_id(), self._intervals.registered(), self._prices.history()
        recent: list[CountableChat] = []
        for number, chat in enumerate(self._chats.of_assistant(assistant_id)):
            if _is_recent(chat.interval, began, uncounted) or _is_recent(chat.discard_interval, began, uncounted):
                recent.append(chat)
            else:
                yield from self._usage(chat, prices, ())
            if not number % _CHATS_BETWEEN_LOOKS:
                check()
        uncounted = self._intervals.registered()
        for chat in recent:
            yield from self._usage(chat, prices, uncounted)

    def _usage(
        self, chat: CountableChat, prices: PriceHistory, uncounted: Collection[str]
    ) -> Iterator[tuple[UsageKey, Tally]]:
        day = self._calendar.day(chat.created_at)
        for model, tally in chat.usage_outside(prices, uncounted):
            yield UsageKey(chat.assistant_id, day, model), tally


class UsageRebuild:
    """Sets the counters of an assistant to what its chats say.

    Nothing is counted meanwhile: what ends then is counted afterwards. Messages without a price get one if a price
    list says by now what held for their time.
    """

    def __init__(
        self, log: UsageLog, batches: BatchLog, tallies: ChatTallies, budgets: BudgetLedger, clock: Clock
    ) -> None:
        self._log = log
        self._batches = batches
        self._tallies = tallies
        self._budgets = budgets
        self._clock = clock

    def rebuild(self, assistant_id: str) -> int:
        """Rebuild the usage of one assistant; how many counters it has.

        Raises `UnavailableError` if others rebuild for two minutes.
        """
        began = time.monotonic()
        while time.monotonic() - began < _LONGEST_WAIT_SECONDS:
            with self._held() as hold:
                if hold is None:
                    time.sleep(_PAUSE_SECONDS)
                    continue
                tallies = self._tallies.of_assistant(assistant_id, hold.renew)
                batch = Batch(
                    number=new_id(after=hold.state.number),
                    replaced=tallies,
                    budgets=self._budgets.corrections(assistant_id, tallies),
                )
                if self._log.begin(batch, hold.state):
                    self._batches.carry_out(batch)
                    return len(tallies)
        raise UnavailableError("Usage is being rebuilt by somebody else; please try again.")

    @contextmanager
    def _held(self) -> Iterator["_Hold | None"]:
        """Holds the log, so that nobody else counts; None where somebody else has it."""
        state = self._batches.done_state()
        if state.held_until is not None and state.held_until > self._clock():
            yield None
            return
        hold = _Hold(self._log, self._clock, state)
        try:
            yield hold if hold.take() else None
        finally:
            hold.release()


class _Hold:
    """`state` is the log's as long as the hold lasts; once it is lost, no batch can begin after it."""

    def __init__(self, log: UsageLog, clock: Clock, state: LogState) -> None:
        self._log = log
        self._clock = clock
        self.state = state
        self._taken = time.monotonic()

    def take(self) -> bool:
        """Hold the log for another minute; False if it is another's."""
        number, until = new_id(after=self.state.number), self._clock() + _HOLD
        if not self._log.hold(number, until, self.state):
            return False
        self.state, self._taken = LogState(number, held_until=until), time.monotonic()
        return True

    def renew(self) -> None:
        """Hold it for longer, if it is time."""
        if time.monotonic() - self._taken > _RENEW_SECONDS:
            self.take()

    def release(self) -> None:
        """Let others count again; does nothing where a batch has ended the hold."""
        self._log.release(self.state.number)


def _is_recent(interval: str | None, began: str, uncounted: Collection[str]) -> bool:
    """Whether an interval may have been opened since `began`, by whatever clock, or was uncounted then."""
    return interval is not None and (interval in uncounted or made_at(interval) > made_at(began) - _CLOCK_MARGIN)
