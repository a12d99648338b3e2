"""Leases: the right to work on a document, renewed while the work goes on."""

import time
from collections.abc import Callable
from typing import NamedTuple

from app.domain.documents import Document, Lease, Stage, Task
from app.services.ports.documents import Queue

# Often enough that a cancelled document is dropped soon, rarely enough to cost nothing.
_CHECK_SECONDS = 2


class LeaseLostError(Exception):
    """The document was replaced, cancelled or deleted, or another worker has its lease."""


class InterruptedIndexingError(Exception):
    """The process is stopping; another one will resume the work."""


class TooLongForLaneError(Exception):
    """The document exceeds the limits of the lane."""


class LaneLimits(NamedTuple):
    """The most that a lane accepts: chunks to embed, and seconds of reading."""

    chunks: int
    seconds: float


class HeldLease:
    """A lease and the queue that renews it; every method raises when the work has to stop."""

    def __init__(self, queue: Queue, lease: Lease, stopping: Callable[[], bool]) -> None:
        self.lease = lease
        self._queue = queue
        self._stopping = stopping
        self._stage, self._progress = Stage.READING, 0.0
        self._renewed = time.monotonic()

    @property
    def document(self) -> Document:
        """The document as it was when the lease began."""
        return self.lease.document

    @property
    def task(self) -> Task:
        """The task to do."""
        return self.lease.task

    @property
    def progress(self) -> float:
        """The progress at the last renewal."""
        return self._progress

    @property
    def attempts(self) -> int:
        """The number of attempts, this one included."""
        return self.lease.attempts

    def hold(self, stage: Stage, progress: float, *, advanced: bool = False) -> None:
        """Renew the lease and record the progress (a share, 0 to 1).

        `advanced`: what was done under this lease is stored and will not be repeated.
        """
        if self._stopping():
            raise InterruptedIndexingError
        self._stage, self._progress = stage, round(progress, 3)
        shown = max(self._progress, self.document.progress)  # an earlier attempt may have come further
        self._require(self._queue.renew(self.lease, stage, shown, advanced=advanced))
        self._renewed = time.monotonic()

    def check(self, progress: float = 0.0) -> None:
        """Renew the lease within a long step, if it is due; may be called often. The progress never decreases."""
        if self._stopping() or time.monotonic() - self._renewed > _CHECK_SECONDS:
            self.hold(self._stage, max(self._progress, progress))

    def publish(self, chunks: int, models: list[str], text_version: int) -> None:
        """Make this revision the one that is searched."""
        self._require(self._queue.publish(self.lease, chunks, models, text_version))

    def add_model(self, model: str) -> None:
        """Record that the searched revision has embeddings by this model, too."""
        self._require(self._queue.add_model(self.lease, model))

    def warn(self, warning: str) -> None:
        """Record what of the document could not be read."""
        self._require(self._queue.warn(self.lease, warning))

    def finish(self) -> None:
        """End the lease: the task is done."""
        self._require(self._queue.finish(self.lease))

    @staticmethod
    def _require(held: bool) -> None:
        if not held:
            raise LeaseLostError
