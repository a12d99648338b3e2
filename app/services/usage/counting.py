"""Counting: what messages were is added to the counters in batches, each exactly once.

Batches form one sequence for the whole installation. A batch is made out of what is uncounted, and written down by
one conditional write, which fails where another batch came in between; only then is it carried out, by writes that
may be repeated. Whoever finds a batch that a dead process has left carries it out. Why it is done so is told in
docs/decisions/usage-counters.md.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.errors import UnavailableError
from app.domain.ids import new_id
from app.domain.usage import Calendar, CountableChat, Tally, UsageKey, added_up
from app.domain.usage_batches import Batch, LogState
from app.services.ports import Clock
from app.services.ports.usage import CountableChats, UsageCounters, UsageLog
from app.services.prices import PriceBook
from app.services.usage.budget_ledger import BudgetLedger

_CHATS_AT_ONCE = 500
_LONGEST_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.05

Made = Callable[[LogState], Batch | None]
"""Makes the next batch out of what there is now; None if there is nothing to do."""


class BatchLog:
    """Carries batches out, one after another, whichever process made them."""

    def __init__(
        self, log: UsageLog, counters: UsageCounters, chats: CountableChats, budgets: BudgetLedger, clock: Clock
    ) -> None:
        self._log = log
        self._counters = counters
        self._chats = chats
        self._budgets = budgets
        self._clock = clock

    def run(self, make: Made) -> Batch | None:
        """Make a batch when all others are done, and carry it out; the batch, or None if there was nothing to do.

        Raises `UnavailableError` if that takes longer than 10 s, as while usage is rebuilt.
        """
        began = time.monotonic()
        while time.monotonic() - began < _LONGEST_WAIT_SECONDS:
            state = self.done_state()
            if state.held_until is not None and state.held_until > self._clock():
                time.sleep(_PAUSE_SECONDS)
                continue
            batch = make(state)
            if batch is None:
                return None
            if self._log.begin(batch, state):
                self.carry_out(batch)
                return batch
        raise _being_rebuilt()

    def done_state(self) -> LogState:
        """The state once the batch is done that may have been under way."""
        state = self._log.state()
        if state.open_batch is not None:
            self.carry_out(state.open_batch)
        return replace(state, open_batch=None)

    def carry_out(self, batch: Batch) -> None:
        """Do what a batch says; may be repeated, also by several at once."""
        self._counters.apply(batch)
        self._budgets.apply(batch)
        self._chats.settle(batch)
        self._log.close(batch.number)
        self._budgets.announce(batch)


class UsageCounting:
    """Counts what has ended, and what is about to be deleted."""

    def __init__(
        self, log: BatchLog, chats: CountableChats, prices: PriceBook, budgets: BudgetLedger, calendar: Calendar
    ) -> None:
        self._log = log
        self._chats = chats
        self._prices = prices
        self._budgets = budgets
        self._calendar = calendar
        self._lock = threading.Lock()

    def count(self) -> None:
        """Count whatever has ended so far; raises `UnavailableError` if that takes longer than 10 s to begin."""
        if not self._lock.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise _being_rebuilt()
        try:
            while self._chats.any_uncounted():
                if self._log.run(self._of_uncounted) is None:
                    return
        finally:
            self._lock.release()

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete the chats of a conversation that are older than the id `before`; returns how many.

        Their usage stays.
        """

        def of_conversation(state: LogState) -> Batch | None:
            return self._removing(state, self._chats.of_conversation(conversation_id, before, _CHATS_AT_ONCE))

        deleted = 0
        while batch := self._log.run(of_conversation):
            deleted += len(batch.deleted)
        return deleted

    def delete_failed(self, chat_ids: Sequence[str]) -> None:
        """Delete messages that failed and come again: what they cost stays, but each counts as one message."""

        def failed(state: LogState) -> Batch | None:
            chats = self._chats.with_ids(chat_ids)
            return self._removing(
                state, chats, [(self._key(chat, None), Tally({"messages": -1})) for chat in chats]
            )

        self._log.run(failed)

    def _of_uncounted(self, state: LogState) -> Batch | None:
        chats = self._chats.uncounted(_CHATS_AT_ONCE)
        return self._counting(state, chats) if chats else None

    def _counting(self, state: LogState, chats: Sequence[CountableChat]) -> Batch:
        """The batch that counts what is uncounted of these chats."""
        prices = self._prices.history()
        added = [
            (chat, self._key(chat, model), tally) for chat in chats for model, tally in chat.uncounted_usage(prices)
        ]
        return Batch(
            number=new_id(after=state.number),
            added=added_up((key, tally) for _, key, tally in added),
            budgets=self._budgets.changes((chat, tally["cost"]) for chat, _, tally in added),
            ended=tuple(chat.id for chat in chats if chat.counts_end),
            discarded=tuple(chat.id for chat in chats if chat.counts_discarded),
        )

    def _removing(
        self, state: LogState, chats: Sequence[CountableChat], changes: Sequence[tuple[UsageKey, Tally]] = ()
    ) -> Batch | None:
        """The batch that counts chats as gone, with what is uncounted of them and `changes`, and deletes them."""
        if not chats:
            return None
        prices = self._prices.history()
        removed = [(self._key(chat, model), tally) for chat in chats for model, tally in chat.usage(prices)]
        counting = self._counting(state, chats)
        return replace(
            counting,
            added=added_up([*counting.added.items(), *changes]),
            removed=added_up([*removed, *changes]),
            deleted=tuple(chat.id for chat in chats if chat.has_ended),
            unended=tuple(chat.id for chat in chats if not chat.has_ended),
            ended=(),
            discarded=(),
        )

    def _key(self, chat: CountableChat, model: str | None) -> UsageKey:
        return UsageKey(chat.assistant_id, self._calendar.day(chat.created_at), model)


def _being_rebuilt() -> UnavailableError:
    return UnavailableError("Usage is being rebuilt; please try again.")
