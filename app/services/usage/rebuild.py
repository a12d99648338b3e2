"""The counters, made anew from the chats."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.domain.errors import UnavailableError
from app.domain.ids import new_id
from app.domain.usage import Calendar, Tally, UsageKey, added_up
from app.domain.usage_batches import Batch, LogState
from app.services.ports import Clock
from app.services.ports.usage import CountableChats, UsageCounters, UsageLog
from app.services.prices import PriceBook
from app.services.usage.budget_ledger import BudgetLedger
from app.services.usage.counting import BatchLog

_HOLD = timedelta(seconds=60)
_RENEW_SECONDS = 15.0
_LONGEST_WAIT_SECONDS = 120.0
_PAUSE_SECONDS = 0.1
_CHATS_BETWEEN_LOOKS = 1000


class ChatTallies:
    """What the counters of an assistant have to be."""

    def __init__(
        self, counters: UsageCounters, chats: CountableChats, prices: PriceBook, calendar: Calendar
    ) -> None:
        self._counters = counters
        self._chats = chats
        self._prices = prices
        self._calendar = calendar

    def of_assistant(self, assistant_id: str, check: Callable[[], None]) -> dict[UsageKey, Tally]:
        """What was counted of its chats, and of chats that are no more; `check` is called now and then."""
        removed = self._counters.removed(assistant_id)
        counted = added_up([*removed.items()])
        for key, tally in self._of_chats(assistant_id, check):
            counted.setdefault(key, Tally()).update(tally)
        return {key: +counted.get(key, Tally()) for key in counted.keys() | removed.keys()}

    def _of_chats(self, assistant_id: str, check: Callable[[], None]) -> Iterator[tuple[UsageKey, Tally]]:
        prices = self._prices.history()
        for number, chat in enumerate(self._chats.of_assistant(assistant_id)):
            for model, tally in chat.counted_usage(prices):
                yield UsageKey(assistant_id, self._calendar.day(chat.created_at), model), tally
            if not number % _CHATS_BETWEEN_LOOKS:
                check()


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
