import threading
from collections.abc import Iterator

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens
from app.domain.documents import Passage
from app.services.compute_limit import ComputeLimit, PatientAnswerer, PatientSearch

PATIENCE_SECONDS = 20


def begun_beside(limit: ComputeLimit) -> tuple[threading.Event, threading.Thread]:
    """Another thread that computes as soon as it may, and tells so."""
    begun = threading.Event()

    def work() -> None:
        with limit.held():
            begun.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return begun, thread


def test_no_more_compute_at_once_than_there_are_places() -> None:
    limit = ComputeLimit(1)
    with limit.held():
        begun, thread = begun_beside(limit)
        assert not begun.wait(0.05)
    thread.join(PATIENCE_SECONDS)
    assert begun.is_set()


def test_who_waits_for_the_model_leaves_its_place() -> None:
    limit, seen = ComputeLimit(1), []

    class Model:
        def answer(self, question: Question, within: float) -> Answer:
            begun, thread = begun_beside(limit)
            seen.append(begun.wait(PATIENCE_SECONDS))
            thread.join(PATIENCE_SECONDS)
            return Answer("Oi", Tokens(), None)

        def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
            raise NotImplementedError

    with limit.held():
        PatientAnswerer(Model(), limit).answer(Question("Oi"), 1)
        begun, _ = begun_beside(limit)
        assert not begun.wait(0.05)  # it has its place again
    assert seen == [True]


def test_who_waits_for_an_embedding_server_leaves_its_place() -> None:
    limit, seen = ComputeLimit(1), []

    class Knowledge:
        def search(self, assistant_id: str, version: int, question: str) -> tuple[Passage, ...]:
            begun, _ = begun_beside(limit)
            seen.append(begun.wait(PATIENCE_SECONDS))
            return ()

    with limit.held():
        assert PatientSearch(Knowledge(), limit).search("a", 1, "Oi") == ()
    assert seen == [True]


def test_a_thread_without_a_place_leaves_none() -> None:
    limit = ComputeLimit(1)
    with limit.left(), limit.held():
        begun, _ = begun_beside(limit)
        assert not begun.wait(0.05)
    assert begun.wait(PATIENCE_SECONDS)
