"""What people of the business write to customers themselves."""

from dataclasses import dataclass, replace
from functools import partial

from app.domain.assistants import Assistant
from app.domain.callers import Caller, KeyHolder
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Channel, conversation_id_of
from app.domain.errors import NotFoundError
from app.domain.ids import derived_id, new_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.chats import ChatService, Which, audited_switch
from app.services.conversations import ConversationSwitch
from app.services.messages.intake import earlier_copy
from app.services.messages.message import Reply, idempotency_keys
from app.services.ports import Clock
from app.services.ports.conversations import Messages
from app.services.whatsapp import to_parts


@dataclass(frozen=True, slots=True)
class HumanMessage:
    """What a person wrote to a customer; `author` is the person's name.

    `message_id` and `idempotency_key` are ids of the gateway: a message with one of them is recorded once.
    `channel_id`: the channel of the assistant by which it was sent, if it was, `reply_to`: the customer's id there.
    """

    channel: Channel
    text: str
    author: str | None = None
    message_id: str | None = None
    idempotency_key: str | None = None
    channel_id: str | None = None
    reply_to: str | None = None


class HumanMessages:
    """Keeps what a person wrote, and keeps the assistant silent."""

    def __init__(
        self,
        access: Access,
        chats: ChatService,
        conversations: ConversationSwitch,
        messages: Messages,
        clock: Clock,
        *,
        audit: AuditLog,
    ) -> None:
        self._access = access
        self._chats = chats
        self._conversations = conversations
        self._messages = messages
        self._clock = clock
        self._audit = audit

    def assistant_meant(self, caller: Caller, channel: Channel, assistant_id: str | None) -> Assistant:
        """The caller's assistant that has this channel, or the one they name.

        Raises `NotFoundError`, `ForbiddenError`, and `ConflictError` `ambiguous_channel` where several have it.
        """
        if isinstance(caller, KeyHolder):
            assistant_id = assistant_id or caller.assistant_id
        if assistant_id is not None:
            return self._access.assistant(caller, assistant_id, Action.OPERATE)
        which = Which(channel.id, message_service=channel.message_service)
        conversation = self._chats.by_channel(caller, which)
        if conversation is None:
            raise NotFoundError("channel")
        return self._access.assistant(caller, conversation.assistant_id, Action.OPERATE)

    def record(self, caller: Caller | None, assistant: Assistant, message: HumanMessage) -> Reply:
        """The message as a chat nobody asked for; its conversation is inactive from now on.

        Where it was not before, the audit keeps that the caller took it over; None: somebody did on the phone.

        Of a repeated one, what the first copy got; raises `InvalidError` `idempotency_mismatch`.
        """
        new = self._new(assistant, message)
        while not self._messages.add(new):
            earlier = earlier_copy(self._messages, new, self._clock())
            if earlier is not None:
                return self._again(caller, assistant, earlier)
        self._keep_silent(caller, assistant, new)
        return Reply(replace(new, state=ChatState.ANSWERED))

    def _new(self, assistant: Assistant, message: HumanMessage) -> Chat:
        return Chat(
            id=new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            conversation_id=conversation_id_of(assistant.id, message.channel),
            channel=message.channel,
            username=message.author,
            active=False,
            message="",
            created_at=self._clock(),
            response=message.text,
            parts=to_parts(message.text),
            by_person=True,
            channel_id=message.channel_id,
            reply_to=message.reply_to,
            state=ChatState.ANSWERING,
            keys=idempotency_keys(assistant.id, message.message_id, message.idempotency_key),
            fingerprint=derived_id(message.channel.id, message.channel.message_service, message.text),
        )

    def _again(self, caller: Caller | None, assistant: Assistant, earlier: Chat) -> Reply:
        """A process may have died before it kept the assistant silent."""
        if earlier.state is not ChatState.ANSWERED:
            self._keep_silent(caller, assistant, earlier)
        return Reply(replace(earlier, active=False, state=ChatState.ANSWERED), replayed=True)

    def _keep_silent(self, caller: Caller | None, assistant: Assistant, chat: Chat) -> None:
        """Each step can be repeated; the last one says that all are done."""
        around = partial(audited_switch, self._audit, caller, assistant, active=False)
        self._conversations.person_wrote(assistant, chat, around)
        self._messages.recorded(chat.id)
