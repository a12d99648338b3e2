"""The right to work on a document, held while the work goes on."""

import time
from collections.abc import Callable
from typing import NamedTuple

from app.domain.documents import Document, Lease, Stage, Task
from app.services.ports.documents import Queue

# Often enough that a cancelled document is dropped soon, rarely enough to cost nothing.
_CHECK_SECONDS = 2


class LeaseLostError(Exception):
    """The document was replaced, cancelled or deleted, or another worker has it: this one stops."""


class InterruptedIndexingError(Exception):
    """The process is stopping; the document is left for the next one."""


class TooLongForLaneError(Exception):
    """The document takes longer than this lane takes on."""


class LaneLimits(NamedTuple):
    """What a lane takes on: so many chunks to embed, so many seconds of reading."""

    chunks: int
    seconds: float


class HeldLease:
    """A lease together with where it is renewed; every method raises when the work has to stop."""

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
        """What is to be done."""
        return self.lease.task

    @property
    def progress(self) -> float:
        """How far the work was when it was last held."""
        return self._progress

    @property
    def attempts(self) -> int:
        """How often somebody began, this time included."""
        return self.lease.attempts

    def hold(self, stage: Stage, progress: float, *, advanced: bool = False) -> None:
        """Renew the lease and say how far the work has come (a share, 0 to 1).

        `advanced`: what was done since the lease began will not have to be done again.
        """
        if self._stopping():
            raise InterruptedIndexingError
        self._stage, self._progress = stage, round(progress, 3)
        shown = max(self._progress, self.document.progress)  # an earlier attempt may have come further
        self._require(self._queue.renew(self.lease, stage, shown, advanced=advanced))
        self._renewed = time.monotonic()

    def check(self, progress: float = 0.0) -> None:
        """As `hold`, within a long step: may be called as often as one likes, and never steps back."""
        if self._stopping() or time.monotonic() - self._renewed > _CHECK_SECONDS:
            self.hold(self._stage, max(self._progress, progress))

    def publish(self, chunks: int, models: list[str], text_version: int) -> None:
        """From now on this revision is the one that is searched."""
        self._require(self._queue.publish(self.lease, chunks, models, text_version))

    def add_model(self, model: str) -> None:
        """The searched revision has embeddings of this model, too."""
        self._require(self._queue.add_model(self.lease, model))

    def warn(self, warning: str) -> None:
        """Say what of the document could not be read."""
        self._require(self._queue.warn(self.lease, warning))

    def finish(self) -> None:
        """Everything is done."""
        self._require(self._queue.finish(self.lease))

    @staticmethod
    def _require(held: bool) -> None:
        if not held:
            raise LeaseLostError
