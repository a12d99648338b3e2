"""Conversations."""

from typing import Any

from pydantic import Field

from app.domain.channels import AliasKind
from app.domain.chats import Chat, ChatState
from app.domain.contacts import Contact, alias_of_key
from app.domain.conversations import Conversation
from app.domain.erasures import Receipt
from app.domain.ids import made_at
from app.routes.schemas.chats import ChannelOut, ChatOut
from app.routes.schemas.common import AnswerModel, Id, Moment, Name, PageQuery


class ConversationQuery(PageQuery):
    """Which conversations to list."""

    assistant_id: str | None = None
    active: bool | None = None
    q: Name | None = Field(
        None,
        description=(
            "A part of the customer's name or of the channel's id; case and accents do not count. A whole channel "
            "id finds that channel alone. Each page looks through a bounded number of conversations: it may be "
            "short, or empty, and the search goes on at the next one in `Link`"
        ),
    )


class ConversationOut(AnswerModel):
    """Everything between one assistant and one channel."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    channel: ChannelOut
    username: str | None
    active: bool = Field(description="Whether the assistant answers; otherwise a person does")
    handover_reason: str | None = Field(description="Why the assistant gave it to a person, while it is with them")
    person_at: Moment | None = Field(description="When a person last took it or wrote")
    reactivated_at: Moment | None = Field(description="When it last became active by itself")
    channel_id: Id | None = Field(description="The channel of the assistant by which the customer wrote last")
    window_closes_at: Moment | None = Field(
        description=(
            "Until when that channel's provider takes answers (WhatsApp: 24 hours after the customer's last "
            "message); what is written later is held until they write again. null where there is no such limit"
        )
    )
    last_activity_at: Moment
    created_at: Moment = Field(alias="createdAt")

    @classmethod
    def of(cls, conversation: Conversation) -> "ConversationOut":
        return cls(**_fields(conversation))


class ConversationWithTurnsOut(ConversationOut):
    """A conversation with a page of its chats, newest first."""

    turns: list[ChatOut]

    @classmethod
    def with_turns(cls, conversation: Conversation, turns: list[ChatOut]) -> "ConversationWithTurnsOut":
        return cls(**_fields(conversation), turns=turns)


class ErasureOut(AnswerModel):
    """The receipt of an erasure; it holds no personal data."""

    message: str
    receipt_id: Id
    erased: dict[str, int] = Field(description="How many rows of each kind", examples=[{"chats": 12}])
    at: Moment

    @classmethod
    def of(cls, receipt: Receipt) -> "ErasureOut":
        message = "The conversation was deleted with all its chats."
        return cls(message=message, receipt_id=receipt.id, erased=dict(receipt.erased), at=receipt.at)


class ChatRecordOut(ChatOut):
    """A chat with what is kept of it besides."""

    state: ChatState
    error: str | None
    discarded_response: str | None = Field(description="An answer that nobody got")

    @classmethod
    def of(cls, chat: Chat) -> "ChatRecordOut":
        shown = ChatOut.of(chat).model_dump(by_alias=False)
        return cls(**shown, state=chat.state, error=chat.error, discarded_response=chat.discarded_response)


class AliasOut(AnswerModel):
    """What names a contact; `channel_id`: the channel in which it does, null for a phone number."""

    kind: AliasKind
    value: str
    channel_id: Id | None


class ContactOut(AnswerModel):
    """Whom a channel knows the customer as."""

    name: str | None
    aliases: list[AliasOut]
    created_at: Moment = Field(alias="createdAt")

    @classmethod
    def of(cls, contact: Contact) -> "ContactOut":
        named = [alias_of_key(key) for key in contact.keys]
        aliases = [AliasOut(kind=one.kind, value=one.value, channel_id=channel) for one, channel in named]
        return cls(name=contact.name, aliases=aliases, created_at=contact.created_at)


class ContactExportOut(AnswerModel):
    """Everything held of one contact in one assistant."""

    exported_at: Moment
    conversation: ConversationOut
    contacts: list[ContactOut] = Field(
        description="Who came by a channel: each contact that turned out to be the same one"
    )
    chats: list[ChatRecordOut] = Field(description="Newest first")


def _fields(conversation: Conversation) -> dict[str, Any]:
    return {
        "underscore_id": conversation.id,
        "assistant_id": conversation.assistant_id,
        "channel": ChannelOut.of(conversation.channel),
        "username": conversation.username,
        "active": conversation.active,
        "handover_reason": conversation.handover_reason,
        "person_at": conversation.person_at,
        "reactivated_at": conversation.reactivated_at,
        "channel_id": conversation.reply_to.channel_id if conversation.reply_to else None,
        "window_closes_at": conversation.window_closes_at,
        "last_activity_at": made_at(conversation.latest_chat_id),
        "created_at": conversation.created_at,
    }
