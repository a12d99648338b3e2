"""Handing the outbox out to threads."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from app.domain.webhooks import Pending
from app.services.webhooks.dispatcher import Dispatcher

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Outbox:
    """Deliveries that are pending, and the threads that deliver them."""

    def __init__(self, *pending: Pending) -> None:
        self.rows = list(pending)
        self.reads = 0
        self.delivered: list[str] = []
        self.trimmed: list[str] = []
        self.behaviours: dict[str, Callable[[], bool]] = {}
        self.woken = threading.Event()
        self.now = NOW

    def pending(self, besides: Collection[str], until: datetime, limit: int) -> list[Pending]:
        self.reads += 1
        fitting = [one for one in self.rows if one.webhook_id not in besides and one.at <= until]
        return sorted(fitting, key=lambda one: one.at)[:limit]

    def deliver(self, assistant_id: str, webhook_id: str, is_stopping: Callable[[], bool]) -> bool:
        proven = self.behaviours.get(webhook_id, lambda: True)()
        self.rows = [one for one in self.rows if one.webhook_id != webhook_id or one.at > self.now]
        self.delivered.append(webhook_id)
        return proven

    def give_up_overdue(self, error: str, now: datetime) -> None:
        """Nothing is overdue."""

    def forget_ended(self, now: datetime) -> None:
        """Nothing has ended."""

    def trim(self, webhook_id: str) -> None:
        self.trimmed.append(webhook_id)

    def wait_for(self, *webhook_ids: str) -> None:
        until = time.monotonic() + 20
        while not set(webhook_ids) <= set(self.delivered):
            assert time.monotonic() < until, self.delivered
            time.sleep(0.005)


@contextmanager
def dispatching(outbox: Outbox, announce: Callable[[], None] = lambda: None) -> Iterator[Dispatcher]:
    dispatcher = Dispatcher(outbox, outbox, (announce,), outbox.woken, lambda: outbox.now)  # type: ignore[arg-type]
    dispatcher.start()
    try:
        yield dispatcher
    finally:
        dispatcher.stop()


def due(webhook_id: str, assistant_id: str = "", seconds: float = 0) -> Pending:
    return Pending(assistant_id or webhook_id, webhook_id, NOW + timedelta(seconds=seconds))


def test_what_is_due_at_the_start_is_delivered() -> None:
    outbox = Outbox(due("a"), due("b"), due("later", seconds=60))
    with dispatching(outbox):
        outbox.wait_for("a", "b")

    assert "later" not in outbox.delivered


def test_it_looks_again_when_it_is_woken_and_when_a_retry_is_due() -> None:
    outbox = Outbox()
    with dispatching(outbox) as dispatcher:
        outbox.rows.append(due("new"))
        dispatcher.wake()
        outbox.wait_for("new")
        outbox.rows.append(due("retry", seconds=0.2))
        dispatcher.wake()
        time.sleep(0.1)
        outbox.now += timedelta(seconds=1)
        outbox.wait_for("retry")


def test_a_backlog_of_webhooks_that_hang_hides_no_other() -> None:
    release = threading.Event()
    backlog = [due(f"hang{number % 300}", seconds=-100) for number in range(3000)]
    outbox = Outbox(*backlog, due("other", seconds=-1))
    outbox.behaviours = {f"hang{number}": lambda: not release.wait(20) for number in range(300)}
    outbox.behaviours["other"] = lambda: True
    with dispatching(outbox) as dispatcher:
        # At first nobody knows which of them hang; once one is known to be prompt, it waits for no other.
        release.set()
        outbox.wait_for("other")
        release.clear()
        outbox.rows += [*backlog, due("other", seconds=-1)]
        outbox.delivered.clear()
        dispatcher.wake()
        outbox.wait_for("other")
        release.set()


def test_many_announcements_hold_up_no_delivery() -> None:
    outbox, announced = Outbox(due("a")), threading.Event()

    def announce() -> None:
        announced.set()
        outbox.woken.set()  # there are always more

    with dispatching(outbox, announce):
        outbox.wait_for("a")

    assert announced.is_set()


def test_a_failure_is_survived_and_gives_the_thread_back() -> None:
    outbox = Outbox(due("b", seconds=1))

    def fail() -> None:
        if outbox.reads == 0:
            outbox.reads = 1
            raise ConnectionError

    with dispatching(outbox, fail) as dispatcher:
        while outbox.reads == 0:
            time.sleep(0.005)
        outbox.now += timedelta(seconds=2)
        dispatcher.wake()
        outbox.wait_for("b")


def test_the_sweep_trims_what_was_sent_to_since_the_last_one() -> None:
    outbox = Outbox(due("a"), due("b"))
    with dispatching(outbox) as dispatcher:
        outbox.wait_for("a", "b")
        for _ in range(2):
            dispatcher.sweep()

    assert sorted(outbox.trimmed) == ["a", "b"]


def test_it_stops_while_a_receiver_hangs() -> None:
    outbox, release = Outbox(due("hang")), threading.Event()
    outbox.behaviours["hang"] = lambda: release.wait(30)
    began = time.monotonic()
    with dispatching(outbox) as dispatcher:
        until = time.monotonic() + 10
        while not any(thread.name == "webhook-hang" for thread in threading.enumerate()):
            assert time.monotonic() < until
            time.sleep(0.005)
        dispatcher.stop()
        assert time.monotonic() - began < 25
        release.set()
