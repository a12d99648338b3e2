"""Few threads compute at once, of many that mostly wait for others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.answers import Answer, Question
from app.domain.documents import Passage
from app.services.ports.conversations import Answerer
from app.services.ports.knowledge import PassageSearch

_LONGEST_WAIT_SECONDS = 5.0


class ComputeLimit:
    """Places for threads that work in the background, so that requests have the interpreter and the database.

    After a slow model, fifty threads go on at once, and a request would wait for each of them several times. A
    thread that got no place for 5 seconds goes on without.
    """

    def __init__(self, most: int) -> None:
        self._places = threading.Semaphore(most)
        self._mine = threading.local()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Compute in a place of its own."""
        self._take()
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def left(self) -> Iterator[None]:
        """Wait for somebody else meanwhile; nothing happens in a thread that has no place."""
        had_place = self._give_back()
        try:
            yield
        finally:
            if had_place:
                self._take()

    def _take(self) -> None:
        self._mine.has_place = self._places.acquire(timeout=_LONGEST_WAIT_SECONDS)

    def _give_back(self) -> bool:
        had_place = bool(getattr(self._mine, "has_place", False))
        self._mine.has_place = False
        if had_place:
            self._places.release()
        return had_place


class PatientAnswerer:
    """An answerer that is waited for outside of the limit."""

    def __init__(self, answerer: Answerer, limit: ComputeLimit) -> None:
        self._answerer = answerer
        self._limit = limit

    def answer(self, question: Question, within: float) -> Answer:
        """As `answerer` does."""
        with self._limit.left():
            return self._answerer.answer(question, within)

    def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
        """As `answerer` does; whoever listens is no thread of the background."""
        return self._answerer.stream(question, within)


class PatientSearch:
    """A search that is waited for outside of the limit, as most of it is a server's work."""

    def __init__(self, knowledge: PassageSearch, limit: ComputeLimit) -> None:
        self._knowledge = knowledge
        self._limit = limit

    def search(self, assistant_id: str, version: int, question: str) -> tuple[Passage, ...]:
        """As `knowledge` does."""
        with self._limit.left():
            return self._knowledge.search(assistant_id, version, question)
