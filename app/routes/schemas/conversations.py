"""Conversations."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, RootModel, StringConstraints, model_validator

from app.domain.channels import AliasKind, ChannelKind
from app.domain.chats import Chat
from app.domain.contacts import Contact, alias_of_key
from app.domain.conversations import Answering
from app.domain.erasures import Receipt
from app.domain.errors import InvalidError
from app.domain.ids import made_at
from app.domain.overviews import Author, LastMessage, Overview
from app.routes.schemas.chats import ChannelOut, ChatOut
from app.routes.schemas.common import ID_PATTERN, AnswerModel, Id, Moment, Name, PageQuery, RequestModel
from app.routes.schemas.inbox import NoteOut

_LONGEST_TEXT = 200

ChatId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Since = Annotated[
    AwareDatetime,
    Field(
        description=(
            "Only what has changed since then, the last change first; a moment more than 15 minutes ago counts "
            "as not given"
        ),
        examples=["2026-11-22T07:37:12.345+00:00"],
    ),
]


class ConversationQuery(PageQuery):
    """Which conversations to list."""

    assistant_id: str | None = None
    active: bool | None = None
    answering: Answering | None = None
    label_id: str | None = None
    changed_since: Since | None = None
    unread: bool | None = Field(None, description="true: those with messages that you have not read")
    q: Name | None = Field(
        None,
        description=(
            "A part of the customer's name or of the channel's id; case and accents do not count. A whole channel "
            "id finds that channel alone. Each page looks through a bounded number of conversations (with `unread` "
            "and `answering`, too): it may be short, or empty, and the search goes on at the next one in `Link`"
        ),
    )


class LastMessageOut(AnswerModel):
    """What was said last."""

    chat_id: Id
    text: str = Field(description="Its first 200 characters; empty for a file without words")
    by: Author
    at: Moment

    @classmethod
    def of(cls, message: LastMessage) -> "LastMessageOut":
        text = message.text if len(message.text) <= _LONGEST_TEXT else f"{message.text[:_LONGEST_TEXT]}…"
        return cls(chat_id=message.chat_id, text=text, by=message.by, at=message.at)


class ConversationOut(AnswerModel):
    """Everything between one assistant and one channel."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    assistant_name: str
    channel: ChannelOut
    channel_id: Id | None = Field(description="The channel of the assistant by which the customer wrote last")
    channel_kind: ChannelKind | None
    channel_name: str | None
    username: str | None
    active: bool = Field(description="Whether the assistant answers; otherwise a person does")
    handover_reason: str | None = Field(description="Why the assistant gave it to a person, while it is with them")
    answering: Answering = Field(description="`waiting_for_person`: nobody has answered the customer yet")
    waiting_since: Moment | None = Field(description="Since when the customer waits for a person")
    person_at: Moment | None = Field(description="When a person last took it or wrote")
    reactivated_at: Moment | None = Field(description="When it last became active by itself")
    window_closes_at: Moment | None = Field(
        description=(
            "Until when that channel's provider takes answers (WhatsApp: 24 hours after the customer's last "
            "message); what is written later is held until they write again. null where there is no such limit"
        )
    )
    unread: int | None = Field(description="The customer's messages since you last read it; null for a program")
    labels: list[Id]
    last_message: LastMessageOut | None
    last_activity_at: Moment
    created_at: Moment = Field(alias="createdAt")
    changed_at: Moment = Field(description="The latest one that you have seen is what `changed_since` takes")

    @classmethod
    def of(cls, overview: Overview) -> "ConversationOut":
        return cls(**_fields(overview))


class DeletedConversationOut(AnswerModel):
    """What is left to tell of a conversation that was deleted; in answers to `changed_since` alone."""

    underscore_id: Id = Field(alias="_id")
    deleted: Literal[True] = True
    changed_at: Moment


class ListedConversationOut(RootModel[ConversationOut | DeletedConversationOut]):
    """An entry of the list."""


class ConversationWithTurnsOut(ConversationOut):
    """A conversation with a page of its chats, newest first."""

    turns: list[ChatOut]

    @classmethod
    def with_turns(cls, overview: Overview, turns: list[ChatOut]) -> "ConversationWithTurnsOut":
        return cls(**_fields(overview), turns=turns)


class TurnQuery(PageQuery):
    """Which chats of a conversation to show."""

    around: ChatId | None = Field(None, description="A chat to show with its neighbours")
    after: ChatId | None = Field(None, description="Taken from the `Link` header of a page")
    changed_since: Since | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "TurnQuery":
        given = [name for name in ("around", "after", "changed_since", "cursor") if getattr(self, name) is not None]
        if len(given) > 1:
            raise InvalidError(
                "These parameters exclude one another.", {name: ["Was given with others."] for name in given}
            )
        return self


class ReadIn(RequestModel):
    """How far a conversation was read."""

    chat_id: ChatId | None = Field(None, description="The last chat that was seen; all if it is absent")


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

    error: str | None
    discarded_response: str | None = Field(description="An answer that nobody got")

    @classmethod
    def of(cls, chat: Chat) -> "ChatRecordOut":
        shown = ChatOut.of(chat).model_dump(by_alias=False)
        return cls(**shown, error=chat.error, discarded_response=chat.discarded_response)


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
    notes: list[NoteOut] = Field(description="Newest first")
    chats: list[ChatRecordOut] = Field(description="Newest first")


def _fields(overview: Overview) -> dict[str, Any]:
    conversation, channel, last = overview.conversation, overview.channel, overview.last_message
    return {
        "underscore_id": conversation.id,
        "assistant_id": conversation.assistant_id,
        "assistant_name": overview.assistant_name,
        "channel": ChannelOut.of(conversation.channel),
        "channel_id": channel.id if channel else None,
        "channel_kind": channel.kind if channel else None,
        "channel_name": channel.name if channel else None,
        "username": conversation.username,
        "active": conversation.active,
        "answering": conversation.answering,
        "waiting_since": None if conversation.active else conversation.waiting_since,
        "handover_reason": conversation.handover_reason,
        "person_at": conversation.person_at,
        "reactivated_at": conversation.reactivated_at,
        "window_closes_at": conversation.window_closes_at,
        "unread": overview.unread,
        "labels": list(conversation.labels),
        "last_message": LastMessageOut.of(last) if last else None,
        "last_activity_at": made_at(conversation.latest_chat_id),
        "created_at": conversation.created_at,
        "changed_at": overview.changed_at,
    }
