"""Asks providers whose webhooks get lost for what was missed."""

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta

from app.domain.channels import MESSAGE_SERVICES, AssistantChannel, ChannelEvent, ChannelKind, ProviderError
from app.domain.contacts import addresses_of
from app.domain.conversations import Channel, conversation_id_of
from app.domain.errors import NotFoundError
from app.domain.ids import made_at, new_id
from app.domain.inbox import RawEvent
from app.services.channels.event_parser import EventHandlers
from app.services.channels.provider import Provider
from app.services.ports import Clock
from app.services.ports.channels import ChannelHistory, ChannelRows
from app.services.ports.conversations import Erasures

# What came shortly before the last look may have been stored by the provider later.
_OVERLAP = timedelta(minutes=2)
_LONGEST = timedelta(days=1)

_log = logging.getLogger(__name__)


class Backfill:
    """Takes in what no webhook told of, through the same inbox: what came before is known by its id."""

    def __init__(
        self,
        channels: ChannelRows,
        providers: Mapping[ChannelKind, Provider],
        handlers: EventHandlers,
        erasures: Erasures,
        clock: Clock,
    ) -> None:
        self._channels = channels
        self._providers = providers
        self._handlers = handlers
        self._erasures = erasures
        self._clock = clock
        self._lock = threading.Lock()
        self._returning: set[str] = set()

    def sweep(self) -> None:
        """Ask for all channels; one that cannot be asked does not keep the others from it."""
        for kind, provider in self._providers.items():
            if provider.history is None:
                continue
            for channel in self._channels.of_kind(kind):
                try:
                    self._fill(channel, provider.history)
                except ProviderError as error:
                    _log.warning("channel %s: missed messages cannot be asked for (%s)", channel.id, error.code)
                except Exception:
                    _log.exception("channel %s: missed messages cannot be asked for", channel.id)

    def soon(self, channel: AssistantChannel) -> None:
        """Ask for one channel that has come back, in a thread of its own."""
        provider = self._providers[channel.kind]
        if provider.history is None or not self._begin(channel.id):
            return
        threading.Thread(target=self._returned, args=(channel, provider.history), daemon=True).start()

    def _begin(self, channel_id: str) -> bool:
        with self._lock:
            begins = channel_id not in self._returning
            self._returning.add(channel_id)
        return begins

    def _returned(self, channel: AssistantChannel, history: ChannelHistory) -> None:
        try:
            self._fill(channel, history)
        except ProviderError as error:
            _log.warning("channel %s: missed messages are asked for later (%s)", channel.id, error.code)
        except Exception:
            _log.exception("channel %s: missed messages are asked for later", channel.id)
        finally:
            with self._lock:
                self._returning.discard(channel.id)

    def _fill(self, channel: AssistantChannel, history: ChannelHistory) -> None:
        now = self._clock()
        since = max(channel.seen_until or channel.created_at, now - _LONGEST)
        raw = RawEvent(new_id(), channel.id, channel.assistant_id, b"", now)
        for event in history.since(channel, since - _OVERLAP):
            self._take_in(channel, raw, event)
        self._channels.note(channel.id, seen_until=now)

    def _take_in(self, channel: AssistantChannel, raw: RawEvent, event: ChannelEvent) -> None:
        """One odd item keeps no others from being taken in; it is asked for again as long as the overlap lasts."""
        try:
            if not self._is_erased(channel, event):
                self._handlers.handle(channel, raw, event)
        except NotFoundError:
            return  # the status of what somebody sent from the phone
        except Exception:
            _log.exception("channel %s: a missed item could not be dealt with", channel.id)

    def _is_erased(self, channel: AssistantChannel, event: ChannelEvent) -> bool:
        """Whether its conversation was deleted since: the provider still has what nobody here may have again."""
        if event.at is None:
            return False
        service = MESSAGE_SERVICES[channel.kind]
        names = [Channel(one, service) for alias in event.aliases for one in addresses_of(alias)]
        before = self._erasures.latest([conversation_id_of(channel.assistant_id, one) for one in names])
        return before is not None and event.at <= made_at(before)
