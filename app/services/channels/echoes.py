"""What the business writes on its phone: the assistant falls silent, and nothing is sent over the person."""

import time
from collections.abc import Callable
from dataclasses import replace

from app.domain.channels import AssistantChannel, DeliveryState
from app.domain.conversations import Channel
from app.domain.inbox import InboxItem
from app.domain.outbox import OutboxPart
from app.services.channels.automatic_messages import Author, AutomaticMessages
from app.services.channels.delivery_notes import DeliveryNotes
from app.services.channels.edits import message_id_of
from app.services.channels.message_texts import text_of
from app.services.human_messages import HumanMessage, HumanMessages
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.channels import InboxRows, OutboxRows
from app.services.ports.webhooks import ConversationsById

# What is being sent at this moment is waited for, so that it is not sent after the echo was answered.
_PATIENCE_SECONDS = 0.8
_PAUSE_SECONDS = 0.01


class Echoes:
    """Tells our own messages, which come back as echoes too, from a person's."""

    def __init__(
        self,
        inbox: InboxRows,
        outbox: OutboxRows,
        human: HumanMessages,
        assistants: Assistants,
        *,
        automatic: AutomaticMessages,
        conversations: ConversationsById,
        notes: DeliveryNotes,
        clock: Clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._human = human
        self._assistants = assistants
        self._automatic = automatic
        self._conversations = conversations
        self._notes = notes
        self._clock = clock
        self._pause = pause

    def record(self, channel: AssistantChannel, item: InboxItem) -> None:
        """Keep what a person wrote, and keep the assistant silent; repeating this does nothing."""
        assistant = self._assistants.by_id(channel.assistant_id)
        if assistant is None or self._is_ours(channel, item):
            self._inbox.note(item)
            return
        author, item = self._automatic.seen(channel, item)
        if author is Author.PHONE:
            self._inbox.note(item)
            return
        message = HumanMessage(
            Channel(item.address, item.message_service),
            text_of(item),
            message_id=message_id_of(channel.id, item.event.remote_id),
            channel_id=channel.id,
            reply_to=item.event.contact,
        )
        self._human.record(None, assistant, message)
        self._stop_sending(item.conversation_id)
        if item.event.media:  # which are fetched after the provider was answered
            self._inbox.add(item)
        else:
            self._inbox.note(item)

    def _is_ours(self, channel: AssistantChannel, item: InboxItem) -> bool:
        """By its text while it is being sent, as its id is not known yet then; or by its id, once it was.

        By its text, too, where it was given up without a word whether it had arrived.
        """
        text = item.event.text.strip()
        sending = self._outbox.sending_to(item.conversation_id)
        if text and any(one.text.strip() == text for one in sending):
            return True
        if self._outbox.by_remote(channel.id, item.event.remote_id) is not None:
            return True
        return any(self._arrived(part, item) for part in self._outbox.sent_twice(item.conversation_id))

    def _arrived(self, part: OutboxPart, item: InboxItem) -> bool:
        """Whether a part that was given up is what the provider tells of, which then has it."""
        if not part.text.strip() or part.text.strip() != item.event.text.strip():
            return False
        found = replace(part, remote_id=item.event.remote_id)
        if self._outbox.advance(found, DeliveryState.ACCEPTED, self._clock(), None):
            self._notes.note(part.chat_id)
        return True

    def _stop_sending(self, conversation_id: str) -> None:
        conversation = self._conversations.by_ids([conversation_id]).get(conversation_id)
        if conversation is not None:
            for chat_id in self._outbox.void(conversation, self._clock()):
                self._notes.note(chat_id)
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            sending = self._outbox.sending_to(conversation_id)
            if not any(part.state is DeliveryState.SENDING for part in sending):
                return
            self._pause(_PAUSE_SECONDS)
