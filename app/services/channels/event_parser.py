"""What a provider posted becomes items of the inbox; what needs no answer is dealt with at once."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from app.domain.channels import AssistantChannel, ChannelEvent, ChannelKind, EventKind
from app.domain.errors import NotFoundError
from app.domain.inbox import RawEvent
from app.services.channels.announcements import ChannelAnnouncements
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
_PROOF_EVERY = timedelta(minutes=1)

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
        announcements: ChannelAnnouncements,
        clock: Clock,
    ) -> None:
        self._channels = channels
        self._adapters = adapters
        self._events = events
        self._handlers = handlers
        self._announcements = announcements
        self._clock = clock

    def parse(self, due: RawEvent) -> None:
        """Store all that an event tells of, unless another process does."""
        raw = self._events.claim(due, self._clock() + min(_FIRST_LEASE * (1 << due.attempts), _LONGEST_LEASE))
        if raw is None:
            return
        channel = self._channels.by_id(raw.channel_id)
        told = self._told(channel, raw) if channel else []
        if None in told and raw.attempts < _MOST_ATTEMPTS:
            return  # it is due again when its lease ends
        self._events.parsed(raw.id, {one for one in told if one})

    def _told(self, channel: AssistantChannel, raw: RawEvent) -> list[str | None]:
        """The conversation of each thing it tells of, "" for none; None where that could not be dealt with yet."""
        events = self._adapters[channel.kind].parse(channel, raw.body)
        self._note_proof(channel, raw)
        return [self._dealt_with(channel, raw, event) for event in events]

    def _note_proof(self, channel: AssistantChannel, raw: RawEvent) -> None:
        """That something came shows that the channel works; once a minute is enough to know."""
        if channel.last_in_at is None or raw.received_at - channel.last_in_at > _PROOF_EVERY:
            self._channels.note(channel.id, last_in_at=raw.received_at, proof_at=raw.received_at)
            if channel.proof_at is None:
                self._announcements.connected(channel)

    def _dealt_with(self, channel: AssistantChannel, raw: RawEvent, event: ChannelEvent) -> str | None:
        """One odd item never blocks its neighbours."""
        try:
            return self._handlers.handle(channel, raw, event)
        except NotFoundError:
            return None  # the status of a part nobody knows yet
        except Exception:
            _log.exception("channel %s: an item of an event could not be dealt with", channel.id)
            return None


class EventHandlers:
    """Deals with one thing that a provider tells of; returns its conversation's id, "" where it has none."""

    def __init__(
        self,
        inbox: InboxRows,
        items: ContactItems,
        echoes: Echoes,
        statuses: Statuses,
        edits: Edits,
    ) -> None:
        self._inbox = inbox
        self._items = items
        self._echoes = echoes
        self._statuses = statuses
        self._edits = edits

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
        elif event.kind in {EventKind.MESSAGE, EventKind.STANDBY}:
            self._inbox.add(item)
        elif self._inbox.note(item):
            self._edits.apply(channel, event)
        return item.conversation_id
