"""Deals with what providers posted after they were answered, and with what another process left behind."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.channels import AssistantChannel, ChannelEvent
from app.domain.inbox import RawEvent
from app.services.channels.event_parser import EventParser
from app.services.channels.work_threads import Outcome, Waiting, WorkThreads
from app.services.ports import Clock
from app.services.ports.channels import RawEvents

_MOST_HELD = 2_000
# They ask the database alone, which answers one command after another.
_MOST_THREADS = 3
_READ_AT_ONCE = 50

_log = logging.getLogger(__name__)


class EventWorker:
    """Has events parsed by threads of its own, those of a channel beside those of others."""

    def __init__(self, events: RawEvents, parser: EventParser, clock: Clock) -> None:
        self._events = events
        self._parser = parser
        self._lock = threading.Lock()
        self._held: dict[str, Callable[[], float | None]] = {}
        self._threads = WorkThreads("channel events", self._due, self._work, clock, _MOST_THREADS)
        self.start, self.stop = self._threads.start, self._threads.stop

    def hand_over(
        self, channel: AssistantChannel, event: RawEvent, told: Sequence[ChannelEvent] | None = None
    ) -> None:
        """Deal with a stored event soon; `told` is what it tells of, where that was read already."""
        if told is not None:
            with self._lock:
                if len(self._held) < _MOST_HELD:
                    self._held[event.id] = lambda: self._parser.deal_with(channel, event, told)
        self._threads.hand_over(channel.id, event.id)

    def work_now(self, channel: AssistantChannel, event: RawEvent, told: Sequence[ChannelEvent]) -> None:
        """Deal with a stored event before this returns; what fails is tried again later."""
        try:
            seconds = self._parser.deal_with(channel, event, told)
        except Exception:
            _log.exception("channel %s: an event could not be dealt with yet", channel.id)
            seconds = 0
        if seconds is not None:
            self._threads.hand_over(channel.id, event.id, seconds)

    def _due(self, moment: datetime) -> list[Waiting]:
        return [(one.channel_id, one.id) for one in self._events.due(moment, _READ_AT_ONCE)]

    def _work(self, event_id: str) -> Outcome:
        with self._lock:
            held = self._held.pop(event_id, None)
        if held is not None:
            return Outcome(again_seconds=held())
        event = self._events.by_id(event_id)
        return Outcome(again_seconds=self._parser.parse(event) if event else None)
