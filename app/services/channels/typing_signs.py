"""While an answer is being made, the customer sees that somebody writes."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from app.domain.channels import AssistantChannel, ChannelKind
from app.domain.inbox import InboxItem
from app.services.channels.provider import Provider
from app.services.ports.channels import Typing

# What is answered sooner, or by a person, needs no sign.
_AFTER_SECONDS = 1.0
_MOST_AT_ONCE = 4

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Sign:
    channel: AssistantChannel
    item: InboxItem
    due: float


class TypingSigns:
    """Shows signs and repeats them; those that fail, or that a slow provider leaves no room for, are left out."""

    def __init__(self, providers: Mapping[ChannelKind, Provider]) -> None:
        self._providers = providers
        self._lock = threading.Lock()
        self._signs: dict[str, _Sign] = {}
        self._sending = 0

    @contextmanager
    def shown(self, channel: AssistantChannel, item: InboxItem) -> Iterator[None]:
        """Show the sign for as long as this lasts, from a second on."""
        if self._providers[channel.kind].typing is None:
            yield
            return
        with self._lock:
            self._signs[item.id] = _Sign(channel, item, time.monotonic() + _AFTER_SECONDS)
        try:
            yield
        finally:
            with self._lock:
                del self._signs[item.id]

    def send_due(self) -> None:
        """Send the signs that are due, a few at once; the others wait for the next time."""
        now = time.monotonic()
        with self._lock:
            due = [sign for sign in self._signs.values() if sign.due <= now]
            for sign in due[: _MOST_AT_ONCE - self._sending]:
                typing = self._providers[sign.channel.kind].typing
                if typing is not None:
                    sign.due = now + typing.typing_seconds
                    self._sending += 1
                    threading.Thread(target=self._send, args=(sign, typing), name="typing", daemon=True).start()

    def _send(self, sign: _Sign, typing: Typing) -> None:
        try:
            typing.typing(sign.channel, sign.item.event.contact, sign.item.event.remote_id)
        except Exception:
            _log.debug("channel %s: a typing sign could not be sent", sign.channel.id, exc_info=True)
        finally:
            with self._lock:
                self._sending -= 1
