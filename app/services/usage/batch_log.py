"""The batches of the counting, carried out one after another."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from app.domain.errors import UnavailableError
from app.domain.usage_batches import Batch, LogState
from app.services.ports import Clock
from app.services.ports.usage import BatchTarget, UsageLog

_LONGEST_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.05
_MOST_READS = 5

T = TypeVar("T")

Made = Callable[[LogState], Batch | None]
"""Makes the next batch out of what there is now; None if there is nothing to do."""


class BatchLog:
    """Carries batches out, whichever process made them: `targets` take each in their order, and may get it again.

    `done` is told of each once that is over.
    """

    def __init__(
        self, log: UsageLog, targets: Sequence[BatchTarget], done: Callable[[Batch], None], clock: Clock
    ) -> None:
        self._log = log
        self._targets = targets
        self._done = done
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
        raise UnavailableError("Usage is being rebuilt; please try again.")

    def read(self, read: Callable[[], T]) -> T:
        """What `read` returns while no batch is carried out; of very many batches, while one may be."""
        for _ in range(_MOST_READS):
            before, found = self.done_state(), read()
            if self._log.state().number == before.number:
                break
        return found

    def done_state(self) -> LogState:
        """The state once the batch is done that may have been under way."""
        state = self._log.state()
        if state.open_batch is not None:
            self.carry_out(state.open_batch)
        return replace(state, open_batch=None)

    def carry_out(self, batch: Batch) -> None:
        """Do what a batch says; may be repeated, also by several at once."""
        for target in self._targets:
            target.apply(batch)
        self._log.close(batch.number)
        self._done(batch)
