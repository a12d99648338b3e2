"""What people write to customers on the dashboard goes out by the channel that the customer wrote by."""

from collections.abc import Callable

from app.domain.channels import AssistantChannel
from app.domain.chats import Chat
from app.services.channels.answering import ChannelAnswering
from app.services.channels.service import MOST_CHANNELS
from app.services.ports.channels import ChannelRows
from app.services.ports.webhooks import ConversationsById


class ChannelReplies:
    """Puts a person's words into the outbox. `send_on` is called with a channel and a conversation of it."""

    def __init__(
        self,
        conversations: ConversationsById,
        channels: ChannelRows,
        answering: ChannelAnswering,
        send_on: Callable[[str, str], None],
    ) -> None:
        self._conversations = conversations
        self._channels = channels
        self._answering = answering
        self._send_on = send_on

    def send(self, chat: Chat) -> None:
        """Send what a person wrote; nothing, if the customer did not write by a channel. May be repeated.

        What would go by a channel that is deleted goes by the one that has its number now. Without one it fails in
        the outbox, so that its chat says so.
        """
        conversation = self._conversations.by_ids([chat.conversation_id]).get(chat.conversation_id)
        reply_to = conversation.reply_to if conversation else None
        channel = self._channel(reply_to.channel_id) if reply_to else None
        if reply_to and channel and self._answering.put_out(channel, chat, reply_to.contact):
            self._send_on(channel.id, chat.conversation_id)

    def _channel(self, channel_id: str) -> AssistantChannel | None:
        found = self._channels.by_id(channel_id)
        if found is not None:
            return found
        gone = self._channels.deleted(channel_id)
        return gone and (self._successor(gone) or gone)

    def _successor(self, gone: AssistantChannel) -> AssistantChannel | None:
        """The channel that was added for the same phone since."""
        phone, others = _phone_of(gone), self._channels.of_assistant(gone.assistant_id, None, MOST_CHANNELS)
        return next((one for one in others if phone and _phone_of(one) == phone), None)


def _phone_of(channel: AssistantChannel) -> tuple[str, ...]:
    """What tells the phone of a channel from all others; empty for kinds without phones."""
    names = ("base_url", "phone_number_id", "instance")
    known = {name: channel.options.get(name, "") for name in names}
    return (channel.kind, *known.values()) if known["phone_number_id"] or known["instance"] else ()
