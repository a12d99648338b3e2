"""What people write to customers on the dashboard goes out by the channel that the customer wrote by."""

from collections.abc import Callable

from app.domain.chats import Chat
from app.services.channels.answering import ChannelAnswering
from app.services.ports.channels import ChannelRows, InboxRows


class ChannelReplies:
    """Puts a person's words into the outbox. `wake` is called when there is something to send."""

    def __init__(
        self, inbox: InboxRows, channels: ChannelRows, answering: ChannelAnswering, wake: Callable[[], None]
    ) -> None:
        self._inbox = inbox
        self._channels = channels
        self._answering = answering
        self._wake = wake

    def send(self, chat: Chat) -> None:
        """Send what a person wrote; nothing, if the customer did not write by a channel. May be repeated."""
        latest = self._inbox.latest_of(chat.conversation_id)
        channel = self._channels.by_id(latest[0]) if latest else None
        if latest is not None and channel is not None and self._answering.put_out(channel, chat, latest[1]):
            self._wake()
