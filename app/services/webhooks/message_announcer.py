"""Sees to it that every message is announced to webhooks, at no cost to who waits for its answer.

A message of an assistant whose webhooks want to know is marked in the write that stores it. It keeps the mark until
its end is in the outbox: what a process dies with is found by the mark. The rest is hints, in memory.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import islice

from app.domain.assistants import Assistant
from app.domain.chats import WORKED_ON, Chat, ChatState
from app.services.ports import Clock
from app.services.ports.webhooks import AnnouncedMessages
from app.services.webhooks.events import WebhookEvents
from app.services.webhooks.message_events import MessageEvents, message_received
from app.services.webhooks.message_hints import MessageHints

_AT_ONCE = 200
_INTERRUPTED = "interrupted"

_log = logging.getLogger(__name__)


class MessageAnnouncer:
    """Takes hints from those who work on messages, and emits the events in a thread of the dispatcher's."""

    def __init__(
        self,
        events: WebhookEvents,
        message_events: MessageEvents,
        messages: AnnouncedMessages,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._events = events
        self._message_events = message_events
        self._messages = messages
        self._clock = clock
        self._wake = wake
        self._hints = MessageHints()

    def received(self, assistant: Assistant, chat: Chat) -> None:
        """A message was stored and queued."""
        if chat.announce:
            self._hints.received(assistant, chat)
            self._wake()

    def ended(self, chat_id: str) -> None:
        """This process works no more on a message."""
        if self._hints.ended(chat_id):
            self._wake()

    def before_removal(self, chat: Chat) -> None:
        """Announce the failure of a message whose row makes way for its retry."""
        if chat.announce:
            failed = replace(chat, state=ChatState.FAILED, error=chat.error or _INTERRUPTED)
            self._events.emit_all(self._message_events.of_ended([failed], set()))

    def run(self) -> None:
        """Emit what was hinted at, a batch of it; what cannot be emitted right now is left to the sweep."""
        received, ended = self._hints.take()
        try:
            self._events.emit_all(message_received(*one) for one in received)
            self._hints.tell(chat.id for _, chat in received)
            stored = self._messages.by_ids(ended) if ended else []
            marked = [chat for chat in stored if chat.announce and chat.state not in WORKED_ON]
            self._announce(marked, self._hints.told(ended))
        except Exception:
            _log.exception("Messages cannot be announced to webhooks right now; a sweep will")
        finally:
            self._hints.forget(ended)
        if self._hints.are_left():
            self._wake()

    def sweep(self) -> None:
        """Announce the ends of messages whose process died, or could not."""
        now = self._clock()
        marked = (
            chat for chat in self._messages.to_announce() if not self._hints.knows(chat.id) and chat.is_settled(now)
        )
        ended = filter(None, map(self._ended, marked))
        while batch := list(islice(ended, _AT_ONCE)):
            self._announce(batch, set())

    def _ended(self, chat: Chat) -> Chat | None:
        """The message as it ended; one whose time is over fails now. None if it has just ended otherwise."""
        if chat.state not in WORKED_ON:
            return chat
        if not self._messages.fail(chat, _INTERRUPTED):
            return None
        return replace(chat, state=ChatState.FAILED, error=_INTERRUPTED)

    def _announce(self, chats: Sequence[Chat], received: Collection[str]) -> None:
        """Announce the ends of these; of those in `received` it was told already that they came."""
        if chats:
            self._events.emit_all(self._message_events.of_ended(chats, received))
            self._messages.announced([chat.id for chat in chats])
