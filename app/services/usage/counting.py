"""Counting: what messages were is added to the counters in batches, each exactly once.

Batches form one sequence for the whole installation. A batch is made out of what is uncounted, and written down by
one conditional write, which fails where another batch came in between; only then is it carried out, by writes that
may be repeated. Whoever finds a batch that a dead process has left carries it out. Why it is done so is told in
docs/decisions/usage-counters.md.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from app.domain.errors import UnavailableError
from app.domain.ids import new_id
from app.domain.usage import Calendar, CountableChat, Tally, UsageKey, added_up
from app.domain.usage_batches import Batch, LogState
from app.services.ports import Clock
from app.services.ports.usage import CountableChats, Intervals
from app.services.prices import PriceBook
from app.services.usage.batch_log import BatchLog
from app.services.usage.budget_ledger import BudgetLedger

_CHATS_AT_ONCE = 500
_DRAIN_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 10.0
# A process closes its intervals every few seconds, and its writes end within minutes: after so long it is dead.
_DEAD_AFTER = timedelta(minutes=15)


class BatchMaker:
    """Makes batches of chats."""

    def __init__(self, prices: PriceBook, budgets: BudgetLedger, calendar: Calendar) -> None:
        self._prices = prices
        self._budgets = budgets
        self._calendar = calendar

    def counting(self, state: LogState, chats: Sequence[CountableChat], intervals: Iterable[str]) -> Batch:
        """The batch that counts what came about in these intervals."""
        prices, within = self._prices.history(), set(intervals)
        added = [
            (chat, self._key(chat, model), tally)
            for chat in chats
            for model, tally in chat.usage_within(prices, within)
        ]
        return Batch(
            number=new_id(after=state.number),
            added=added_up((key, tally) for _, key, tally in added),
            budgets=self._budgets.changes((chat, tally["cost"]) for chat, _, tally in added),
        )

    def removing(self, state: LogState, chats: Sequence[CountableChat], uncounted: Iterable[str]) -> Batch:
        """The batch that counts chats as gone, and what of them came about in uncounted intervals; deletes them."""
        prices = self._prices.history()
        removed = ((self._key(chat, model), tally) for chat in chats for model, tally in chat.usage(prices))
        return replace(
            self.counting(state, chats, uncounted),
            removed=added_up(removed),
            deleted=tuple(chat.id for chat in chats if chat.has_ended),
            unended=tuple(chat.id for chat in chats if not chat.has_ended),
        )

    def without_messages(self, batch: Batch, chats: Sequence[CountableChat]) -> Batch:
        """A batch that removes chats as if they had been no messages: they come again as others."""
        taken_back = [(self._key(chat, None), Tally({"messages": -1})) for chat in chats]
        return replace(
            batch,
            added=added_up([*batch.added.items(), *taken_back]),
            removed=added_up([*batch.removed.items(), *taken_back]),
        )

    def usage_within(self, chats: Iterable[CountableChat], interval: str) -> Iterator[tuple[UsageKey, Tally]]:
        """What came about in an interval."""
        prices = self._prices.history()
        for chat in chats:
            for model, tally in chat.usage_within(prices, {interval}):
                yield self._key(chat, model), tally

    def _key(self, chat: CountableChat, model: str | None) -> UsageKey:
        return UsageKey(chat.assistant_id, self._calendar.day(chat.created_at), model)


class UsageCounting:
    """Counts what has ended, and what is about to be deleted."""

    def __init__(
        self, log: BatchLog, chats: CountableChats, intervals: Intervals, maker: BatchMaker, clock: Clock
    ) -> None:
        self._log = log
        self._chats = chats
        self._intervals = intervals
        self._maker = maker
        self._clock = clock
        self._lock = threading.Lock()

    def count(self) -> None:
        """Count what has ended in this process so far, and what dead processes have left.

        Raises `UnavailableError` if another count, or a rebuild, takes longer than 10 s.
        """
        self._count_opened_before(self._clock() - _DEAD_AFTER)

    def count_all(self) -> None:
        """Count everything: no other process works on this database."""
        self._count_opened_before(self._clock())

    def uncounted(self) -> Iterator[tuple[UsageKey, Tally]]:
        """What has ended, and is not in the counters."""
        for interval in self._intervals.registered():
            yield from self._maker.usage_within(self._chats.of_interval(interval), interval)

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete the chats of a conversation that are older than the id `before`; returns how many.

        Their usage stays.
        """

        def of_conversation(state: LogState) -> Batch | None:
            chats = self._chats.of_conversation(conversation_id, before, _CHATS_AT_ONCE)
            return self._maker.removing(state, chats, self._intervals.registered()) if chats else None

        deleted = 0
        while batch := self._log.run(of_conversation):
            deleted += len(batch.deleted)
        return deleted

    def delete_uncounted(self, assistant_id: str) -> None:
        """Delete the chats of an assistant that are not counted yet; their usage stays."""
        for interval in self._intervals.registered():

            def of_interval(state: LogState, interval: str = interval) -> Batch | None:
                chats = [one for one in self._chats.of_interval(interval) if one.assistant_id == assistant_id]
                return self._maker.removing(state, chats, self._intervals.registered()) if chats else None

            self._log.run(of_interval)

    def delete_failed(self, chat_ids: Sequence[str]) -> None:
        """Delete messages that failed and come again: what they cost stays, but each counts as one message."""

        def failed(state: LogState) -> Batch | None:
            chats = self._chats.with_ids(chat_ids)
            if not chats:
                return None
            removing = self._maker.removing(state, chats, self._intervals.registered())
            return self._maker.without_messages(removing, chats)

        self._log.run(failed)

    def _count_opened_before(self, moment: datetime) -> None:
        """Count the intervals of this process, and those of others that were opened before a moment."""
        if not self._lock.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise UnavailableError("Usage is being counted; please try again.")
        try:
            own, registered = self._intervals.close(_DRAIN_SECONDS), self._intervals.registered()
            for interval, opened_at in registered.items():
                if interval in own or opened_at < moment:
                    self._log.run(partial(self._of_interval, interval))
            for interval in own:
                self._intervals.forget(interval)
        finally:
            self._lock.release()

    def _of_interval(self, interval: str, state: LogState) -> Batch | None:
        if not self._intervals.is_registered(interval):
            return None  # somebody else has counted it
        chats = self._chats.of_interval(interval)
        return replace(self._maker.counting(state, chats, [interval]), intervals=(interval,))
