"""Hands the outbox of webhooks out to threads, and keeps it small."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from app.services.ports import Clock
from app.services.ports.webhooks import Deliveries
from app.services.webhooks.deliverer import Deliverer
from app.services.webhooks.slots import DeliverySlots

_log = logging.getLogger(__name__)

# How soon deliveries are seen that another process wrote, or died with.
_IDLE_SECONDS = 15.0
_AFTER_ERROR_SECONDS = 5.0
# After each look as many times as long as it took, so that a long outbox costs the database a fifth of its time.
_REST = 4
_STOP_SECONDS = 5.0
_READ_AT_ONCE = 200
_MOST_READS = 50
_OVERDUE = "It could not be delivered for three days."


class Dispatcher:
    """Looks for what is due when it is woken, when something becomes due, and every 15 seconds.

    `announcers` write events into the outbox that were told in memory only; each look begins with them. Whoever has
    something to do for it sets `woken`.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        deliverer: Deliverer,
        announcers: Sequence[Callable[[], None]],
        woken: threading.Event,
        clock: Clock,
    ) -> None:
        self._deliveries = deliveries
        self._deliverer = deliverer
        self._announcers = announcers
        self._woken = woken
        self._clock = clock
        self._slots = DeliverySlots()
        self._stopping = threading.Event()
        self._served: set[str] = set()
        self._thread = threading.Thread(target=self._work, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin, with what is in the outbox."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more, and give what is under way 5 seconds; what is cut off is sent again later."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def sweep(self) -> None:
        """Give up what is overdue, and forget what was kept long enough or is too much."""
        now = self._clock()
        self._deliveries.give_up_overdue(_OVERDUE, now)
        self._deliveries.forget_ended(now)
        served, self._served = self._served, set()
        for webhook_id in served:
            self._deliveries.trim(webhook_id)

    def _work(self) -> None:
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                seconds = self._look()
            except Exception:
                _log.exception("The outbox of webhooks cannot be read right now")
                seconds = _AFTER_ERROR_SECONDS
            self._stopping.wait(min(_REST * (time.monotonic() - begun), _AFTER_ERROR_SECONDS))
            self._woken.wait(seconds)
            self._woken.clear()
        self._wait_for_threads()

    def _look(self) -> float:
        """Hand out what is due; how many seconds to wait before the next look."""
        for announce in self._announcers:
            announce()
        seen: set[str] = set()
        for _ in range(_MOST_READS):
            if self._slots.are_all_held():
                break
            now = self._clock()
            found = self._deliveries.pending(seen, now + timedelta(seconds=_IDLE_SECONDS), _READ_AT_ONCE)
            for one in found:
                if one.at > now:
                    return min(_IDLE_SECONDS, (one.at - now).total_seconds())
                if one.webhook_id not in seen and self._slots.take(one.assistant_id, one.webhook_id):
                    self._begin(one.assistant_id, one.webhook_id)
                seen.add(one.webhook_id)
            if len(found) < _READ_AT_ONCE:
                break
        return _IDLE_SECONDS

    def _begin(self, assistant_id: str, webhook_id: str) -> None:
        self._served.add(webhook_id)
        name = f"webhook-{webhook_id}"
        thread = threading.Thread(target=self._deliver, args=(assistant_id, webhook_id), name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has no more threads
            self._slots.give_back(assistant_id, webhook_id, proven=False)
            raise

    def _deliver(self, assistant_id: str, webhook_id: str) -> None:
        proven = False
        try:
            proven = self._deliverer.deliver(assistant_id, webhook_id, self._stopping.is_set)
        except Exception:
            _log.exception("Deliveries to the webhook %s are interrupted", webhook_id)
            self._stopping.wait(_AFTER_ERROR_SECONDS)
        finally:
            self._slots.give_back(assistant_id, webhook_id, proven=proven)
            self._woken.set()

    def _wait_for_threads(self) -> None:
        for _ in range(int(_STOP_SECONDS / 0.1)):
            if not self._slots.held():
                return
            threading.Event().wait(0.1)
