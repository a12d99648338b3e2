"""What a provider posted becomes items of the inbox; what needs no answer is dealt with at once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from app.domain.channels import AssistantChannel, ChannelEvent, ChannelKind, EventKind
from app.domain.errors import NotFoundError
from app.domain.inbox import InboxItem, RawEvent
from app.services.channels.channel_proofs import ChannelProofs
from app.services.channels.contact_items import ContactItems
from app.services.channels.echoes import Echoes
from app.services.channels.edits import Edits
from app.services.channels.statuses import Statuses
from app.services.ports import Clock
from app.services.ports.channels import ChannelAdapter, ChannelRows, InboxRows, RawEvents

# The status of a part may come before it is known what the provider calls that.
_FIRST_LEASE = timedelta(seconds=5)
_LONGEST_LEASE = timedelta(minutes=5)
_MOST_ATTEMPTS = 10

_log = logging.getLogger(__name__)


class EventParser:
    """Parses raw events. What was stored of one before a crash is found again."""

    def __init__(
        self,
        channels: ChannelRows,
        adapters: Mapping[ChannelKind, ChannelAdapter],
        events: RawEvents,
        handlers: "EventHandlers",
        *,
        proofs: ChannelProofs,
        clock: Clock,
    ) -> None:
        self._channels = channels
        self._adapters = adapters
        self._events = events
        self._handlers = handlers
        self._proofs = proofs
        self._clock = clock

    def parse(self, due: RawEvent) -> float | None:
        """Read an event, and deal with what it tells of, unless another process does; seconds as by `deal_with`."""
        if due.next_at is None or due.next_at > self._clock():
            return None
        raw = self._events.claim(due, self._clock() + _pause_after(due))
        if raw is None:
            return None
        channel = self._channels.by_id(raw.channel_id) or self._channels.deleted(raw.channel_id)
        told = self._adapters[channel.kind].parse(channel, raw.body) if channel else ()
        return self._ended(raw, self._ids_of(channel, raw, told) if channel else [])

    def deal_with(self, channel: AssistantChannel, raw: RawEvent, told: Sequence[ChannelEvent]) -> float | None:
        """Store all that an event tells of; in how many seconds to try again what is not stored, None if all is."""
        ids = self._ids_of(channel, raw, told)
        if None in ids and self._events.claim(raw, self._clock() + _pause_after(raw)) is None:
            return None  # another process has begun
        return self._ended(raw, ids)

    def _ids_of(self, channel: AssistantChannel, raw: RawEvent, told: Sequence[ChannelEvent]) -> list[str | None]:
        """The conversation of each thing it tells of, "" for none; None where that could not be dealt with yet."""
        if channel.deleted_at is None:
            self._proofs.note(channel, raw.received_at, told)
        return [self._dealt_with(channel, raw, event) for event in told]

    def _ended(self, raw: RawEvent, ids: Sequence[str | None]) -> float | None:
        if None in ids and raw.attempts < _MOST_ATTEMPTS:
            return _pause_after(raw).total_seconds()
        self._events.parsed(raw.id, {one for one in ids if one})
        return None

    def _dealt_with(self, channel: AssistantChannel, raw: RawEvent, event: ChannelEvent) -> str | None:
        """One odd item never blocks its neighbours."""
        try:
            return self._handlers.handle(channel, raw, event)
        except NotFoundError:
            return None  # the status of a part nobody knows yet
        except Exception:
            _log.exception("channel %s: an item of an event could not be dealt with", channel.id)
            return None


def _pause_after(event: RawEvent) -> timedelta:
    return min(_FIRST_LEASE * (1 << event.attempts), _LONGEST_LEASE)


class EventHandlers:
    """Deals with one thing that a provider tells of; returns its conversation's id, "" where it has none.

    What is to be answered is stored, and handed over to whoever answers it.
    """

    def __init__(
        self,
        inbox: InboxRows,
        items: ContactItems,
        echoes: Echoes,
        statuses: Statuses,
        edits: Edits,
        *,
        hand_over: Callable[[InboxItem], None],
    ) -> None:
        self._inbox = inbox
        self._items = items
        self._echoes = echoes
        self._statuses = statuses
        self._edits = edits
        self._hand_over = hand_over

    def handle(self, channel: AssistantChannel, raw: RawEvent, event: ChannelEvent) -> str:
        """Deal with it; repeating this does nothing."""
        if event.kind is EventKind.STATUS:
            self._statuses.follow(channel, event)
            return ""
        if event.kind is EventKind.CONNECTION:
            return ""
        if not event.aliases and event.target_id:  # an edit that does not say whose message it is
            self._edits.apply(channel, event)
            return ""
        if not event.aliases:
            _log.warning("channel %s: an item that names no contact was dropped (%s)", channel.id, event.type)
            return ""
        item = self._items.item_of(channel, raw, event)
        if event.kind is EventKind.ECHO:
            self._echoes.record(channel, item)
            if event.media:
                self._hand_over(item)
        elif event.kind in {EventKind.MESSAGE, EventKind.STANDBY}:
            if self._inbox.add(item):
                self._hand_over(item)
        elif self._inbox.note(item):
            self._edits.apply(channel, event)
        return item.conversation_id
