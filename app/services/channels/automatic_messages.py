"""The phone's own greetings and away messages, which come back as echoes like what a person writes."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from app.domain.channels import AssistantChannel
from app.domain.inbox import InboxItem
from app.services.ports.channels import ChannelRows, InboxRows

# Nobody reads, thinks and types as fast.
_QUICK = timedelta(seconds=5)
_ENOUGH_OTHERS = 2


class Author(StrEnum):
    """Who wrote what came back from the phone; in doubt it counts as a person's."""

    PHONE = "phone"
    PERSON = "person"
    DOUBTFUL = "doubtful"


class AutomaticMessages:
    """Tells them by the owner's list, or by what is the same within seconds of a customer's message to several."""

    def __init__(self, inbox: InboxRows, channels: ChannelRows) -> None:
        self._inbox = inbox
        self._channels = channels

    def seen(self, channel: AssistantChannel, item: InboxItem) -> tuple[Author, InboxItem]:
        """Who wrote an echo, and the echo as it is to be kept, so that its text is known the next time.

        A text in doubt is shown on the channel, for its owner to list.
        """
        text = item.event.text.strip()
        if is_listed(channel, text):
            return Author.PHONE, item
        if not text or not self._inbox.wrote_between(item.conversation_id, item.at - _QUICK, item.at):
            return Author.PERSON, item
        marked = replace(item, text_mark=_mark_of(channel, text))
        others = self._inbox.conversations_with_mark(str(marked.text_mark)) - {item.conversation_id}
        if len(others) >= _ENOUGH_OTHERS:
            return Author.PHONE, marked
        self._channels.doubt(channel.id, text)
        return Author.DOUBTFUL, marked


def is_listed(channel: AssistantChannel, text: str) -> bool:
    """Whether the owner says that the phone sends this by itself: each of its lines is in the list."""
    return bool(lines := _lines(text)) and lines <= _lines(channel.options.get("automatic_messages", ""))


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def _mark_of(channel: AssistantChannel, text: str) -> str:
    return hashlib.sha256(f"{channel.id}\n{text}".encode()).hexdigest()[:32]
