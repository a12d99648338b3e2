"""A contact's message gets its answer, and the answer goes to the outbox."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.assistants import Assistant
from app.domain.channels import AssistantChannel, ChannelKind, DeliveryState, EventKind
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Channel
from app.domain.errors import ChatInactiveError
from app.domain.ids import new_id
from app.domain.inbox import InboxItem
from app.domain.outbox import OutboxPart, begun
from app.services.channels.edits import message_id_of
from app.services.channels.media_intake import MediaIntake
from app.services.channels.message_texts import text_of
from app.services.messages import MessageService
from app.services.messages.message import IncomingMessage, idempotency_keys
from app.services.ports import Clock
from app.services.ports.channels import ChannelAdapter, ChatDeliveries, OutboxRows
from app.services.ports.webhooks import ConversationsById
from app.services.whatsapp import to_parts

_TOO_OLD = timedelta(minutes=30)
# The longest that any provider lets a customer write; what has more is cut.
LONGEST_KEPT = 65_536
# What a customer wrote or chose, in the providers' words for it.
_READABLE = frozenset({"text", "interactive", "button"})
# So long after a file, what else comes gets the same answer, also where messages do not wait for each other.
_TOGETHER_SECONDS = 2.0
_ONLY_FOR_PERSON = "O cliente enviou algo que só uma pessoa pode ver."
_TOO_LONG = "O cliente enviou uma mensagem longa demais para o assistente."
_TOO_LATE = "A mensagem chegou com mais de 30 minutos de atraso, por isso o assistente não respondeu."
_ANSWERED_BY_OTHER = "Outro agente, como o da Meta, está respondendo a este cliente."
_FAILED_AGAIN = "O assistente tentou várias vezes e não conseguiu responder."
_CHANNEL_DELETED = "O canal pelo qual o cliente escreveu foi excluído: ele não recebe resposta por aqui."
_A_PERSON_WILL_SEE = "Recebi o que você enviou. Uma pessoa da nossa equipe vai ver e responder por aqui."


class ChannelAnswering:
    """The way of a message that came by a channel is that of every message, with the outbox at its end.

    `goes_well` tells of a channel whether what was sent by it lately was.
    """

    def __init__(
        self,
        messages: MessageService,
        outbox: OutboxRows,
        chats: ChatDeliveries,
        conversations: ConversationsById,
        media: MediaIntake,
        *,
        adapters: Mapping[ChannelKind, ChannelAdapter],
        goes_well: Callable[[str], bool],
        longest_message: int,
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._outbox = outbox
        self._chats = chats
        self._conversations = conversations
        self._media = media
        self._adapters = adapters
        self._goes_well = goes_well
        self._longest_message = longest_message
        self._clock = clock

    def answer(
        self,
        assistant: Assistant,
        channel: AssistantChannel,
        item: InboxItem,
        *,
        for_person: bool = False,
        together: bool = False,
    ) -> OutboxPart | None:
        """Answer a message, or leave it to a person, which the customer is told of what cannot be read. Repeatable.

        For a person is also what is older than 30 minutes by now or too long, what another agent of the provider
        answers, and what came by a channel that is deleted. `together`: it waits shortly for more that gets the
        same answer. Returns the part that is claimed for the caller to send, if there is one. Raises as
        `MessageService.answer` does, besides `ChatInactiveError`.
        """
        standby, age = item.event.kind is EventKind.STANDBY, self._clock() - item.at
        is_deleted = channel.deleted_at is not None
        cannot_be_read = self.cannot_be_read(item)
        # Whoever is with a person already is not told so again.
        is_told = cannot_be_read and not standby and age <= _TOO_OLD and not is_deleted
        tells = is_told and self._is_answered_by_assistant(item)
        for_person = for_person or standby or cannot_be_read or age > _TOO_OLD or is_deleted
        message = self._message(channel, item, for_person=for_person, together=together)
        if for_person:
            message = replace(message, reason=self._reason(item, is_deleted=is_deleted))
        try:
            reply = self._messages.answer(assistant, message)
        except ChatInactiveError:
            return self._told(assistant, channel, item) if tells else None
        return self._put_out(channel, reply.chat, item.event.contact)

    def _reason(self, item: InboxItem, *, is_deleted: bool) -> str:
        """Why a message is for a person, as operators read it."""
        if is_deleted:
            return _CHANNEL_DELETED
        if item.event.kind is EventKind.STANDBY:
            return _ANSWERED_BY_OTHER
        if len(text_of(item)) > self._longest_message:
            return _TOO_LONG
        if self.cannot_be_read(item):
            return _ONLY_FOR_PERSON
        return _TOO_LATE if self._clock() - item.at > _TOO_OLD else _FAILED_AGAIN

    def _is_answered_by_assistant(self, item: InboxItem) -> bool:
        conversation = self._conversations.by_ids([item.conversation_id]).get(item.conversation_id)
        return conversation is None or conversation.active

    def _told(self, assistant: Assistant, channel: AssistantChannel, item: InboxItem) -> OutboxPart | None:
        """Say that a person will look at what came; as `answer`."""
        chat = self._chats.with_key(assistant.id, _keys(assistant, item))
        conversation = self._conversations.by_ids([item.conversation_id]).get(item.conversation_id)
        text = assistant.settings.media_message or _A_PERSON_WILL_SEE
        if chat is None or conversation is None:
            return None
        told = replace(chat, response=text, by_person=True, answer_epoch=conversation.epoch)
        return self._put_out(channel, told, item.event.contact)

    def with_media(self, channel: AssistantChannel, item: InboxItem) -> InboxItem:
        """The item with its files; raises `UnavailableError`. Repeatable."""
        return self._media.take(channel, item)

    def keep_files(self, assistant: Assistant, item: InboxItem) -> None:
        """Put the files of what a person sent on the phone on its chat. Repeatable."""
        if item.taken is not None:
            self._chats.attached(assistant.id, _keys(assistant, item), item.taken.files)

    def cannot_be_read(self, item: InboxItem) -> bool:
        """Whether something in it is for a person only. Files that were not fetched are."""
        if item.event.media:
            is_readable = item.taken is not None and not item.taken.needs_person
        else:
            is_readable = item.event.type in _READABLE and bool(item.event.text.strip())
        return not is_readable or len(text_of(item)) > self._longest_message

    def _message(
        self, channel: AssistantChannel, item: InboxItem, *, for_person: bool, together: bool
    ) -> IncomingMessage:
        hours = self._adapters[channel.kind].window_hours
        return IncomingMessage(
            channel=Channel(item.address, item.message_service),
            text=text_of(item)[:LONGEST_KEPT],
            username=item.event.name,
            deactivate=for_person,
            message_id=message_id_of(item.channel_id, item.event.remote_id),
            channel_id=item.channel_id,
            reply_to=item.event.contact,
            window_closes_at=None if hours is None else item.at + timedelta(hours=hours),
            media=item.taken.files if item.taken else (),
            quiet_seconds=_TOGETHER_SECONDS if together else 0,
        )

    def gathers(self, assistant: Assistant, items: Sequence[InboxItem]) -> bool:
        """Whether messages that come shortly after each other get one answer, and so have to wait together.

        Files come one by one, and what is asked about them after them.
        """
        return self._messages.gathers(assistant) or any(item.event.media for item in items)

    def has_joined(self, assistant: Assistant, item: InboxItem) -> bool:
        """Whether a message has its place in its conversation's order."""
        chat = self._chats.with_key(assistant.id, _keys(assistant, item))
        conversation = self._conversations.by_ids([item.conversation_id]).get(item.conversation_id)
        return chat is not None and conversation is not None and conversation.latest_chat_id >= chat.id

    def put_out(self, channel: AssistantChannel, chat: Chat, recipient: str) -> bool:
        """Store the parts of a chat's answer, to be sent; whether there are any."""
        parts = self._parts(channel, chat, recipient)
        if parts:
            self._outbox.add(parts)
        return bool(parts)

    def _put_out(self, channel: AssistantChannel, chat: Chat, recipient: str) -> OutboxPart | None:
        """The same; the first part is claimed and returned, if it is new, and the channel works."""
        parts = self._parts(channel, chat, recipient)
        if parts and not channel.paused and self._goes_well(channel.id):
            parts[0] = begun(parts[0], self._clock())
        is_new = bool(parts) and self._outbox.add(parts)
        return parts[0] if is_new and parts[0].state is DeliveryState.SENDING else None

    def _parts(self, channel: AssistantChannel, chat: Chat, recipient: str) -> list[OutboxPart]:
        if not chat.response or not (chat.by_person or chat.state is ChatState.ANSWERED):
            return []
        now = self._clock()
        texts = to_parts(chat.response, self._adapters[channel.kind].longest_text)
        return [
            OutboxPart(
                id=new_id(),
                channel_id=channel.id,
                assistant_id=chat.assistant_id,
                conversation_id=chat.conversation_id,
                chat_id=chat.id,
                number=number,
                of_parts=len(texts),
                recipient=recipient,
                text=text,
                created_at=now,
                next_at=now,
                epoch=_epoch(chat),
            )
            for number, text in enumerate(texts)
        ]


def _epoch(chat: Chat) -> int | None:
    """What the conversation's epoch stays as long as nobody else switches it: an answer that hands over does."""
    if chat.answer_epoch is None:
        return None
    return chat.answer_epoch + (1 if chat.handover_reason is not None else 0)


def _keys(assistant: Assistant, item: InboxItem) -> tuple[str, ...]:
    """The idempotency keys of the message."""
    return idempotency_keys(assistant.id, message_id_of(item.channel_id, item.event.remote_id), None)
