"""Chats."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from app.domain.channels import DeliveryState, MediaKind
from app.domain.chats import Chat, ChatState, Delivery
from app.domain.conversations import Channel
from app.domain.media import Media
from app.routes.schemas.common import AnswerModel, Id, Moment, PageQuery, QueryModel


def phone(text: str) -> str:
    """A channel's id in an address: a "+" that was not encoded arrives as a blank, with which none begins."""
    return f"+{text[1:]}" if text.startswith(" ") else text


class ChannelOut(AnswerModel):
    """Where a customer writes from."""

    id: str
    message_service: str

    @classmethod
    def of(cls, channel: Channel) -> "ChannelOut":
        return cls(id=channel.id, message_service=channel.message_service)


class TokensOut(AnswerModel):
    """What the model read and wrote."""

    input: int = Field(alias="in")
    output: int = Field(alias="out")
    estimated: bool = Field(description="true where the provider did not say")


class SourceOut(AnswerModel):
    """A document the answer was built from."""

    document_id: Id
    filename: str
    score: float


class DeliveryOut(AnswerModel):
    """How far an answer has come on its way to the contact."""

    state: DeliveryState
    at: Moment | None
    error: str | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryOut":
        return cls(state=delivery.state, at=delivery.at, error=delivery.error)


class MediaOut(AnswerModel):
    """A file that the customer sent."""

    id: str
    kind: MediaKind
    type: str = Field(description="As its bytes say, whatever the sender says")
    name: str | None = Field(description="The sender's word only")
    bytes: int
    transcript: str | None = Field(description="What is said in it, as a model understood it")
    url: str | None = Field(description="Where it is downloaded; null where it could not be had: see `error`")
    error: str | None = Field(description="Why it could not be had, or could not be read")

    @classmethod
    def of(cls, media: Media) -> "MediaOut":
        return cls(
            id=media.id,
            kind=media.kind,
            type=media.content_type,
            name=media.filename,
            bytes=media.size,
            transcript=media.transcript,
            url=media.url,
            error=media.error,
        )


class ChatOut(AnswerModel):
    """One message and its answer."""

    underscore_id: Id = Field(alias="_id")
    channel: ChannelOut
    tokens: TokensOut
    username: str | None
    assistant_id: Id
    active: bool = Field(description="Whether the assistant answers this conversation")
    message: str
    response: str | None = Field(
        description="Empty while there is none; null where `merged_into` says whose answer is for this, too"
    )
    parts: list[str] = Field(description="The response as WhatsApp shows it, in texts of at most 4,096 characters")
    sources: list[SourceOut]
    model: str | None = Field(description="What wrote the answer")
    degraded: bool = Field(description="Whether a stand-in answered, as no model could")
    cut: bool = Field(
        description="Whether the model reached its limit of tokens; the response ends with its last whole sentence"
    )
    handover: bool = Field(description="Whether this answer gave the conversation to a person")
    handover_reason: str | None
    merged_into: Id | None = Field(description="The chat whose answer is for this one, too")
    by_person: bool = Field(description="Whether a person of the business wrote `response`, unasked")
    channel_id: Id | None = Field(description="The channel of the assistant that it came by, if it did")
    window_closes_at: Moment | None = Field(
        description="Until when the provider takes answers to it (WhatsApp: 24 hours); null where it always does"
    )
    delivery: DeliveryOut | None = Field(description="How far the answer has come, where it goes by a channel")
    media: list[MediaOut] = Field(description="The files that came with it by a channel")
    conversation_id: Id
    state: ChatState
    created_at: Moment = Field(alias="createdAt")
    changed_at: Moment = Field(description="When an answer, a state of delivery or anything else was last added")

    @classmethod
    def of(cls, chat: Chat) -> "ChatOut":
        tokens = TokensOut(input=chat.tokens.input, output=chat.tokens.output, estimated=chat.tokens.estimated)
        sources = [
            SourceOut(document_id=one.document_id, filename=one.filename, score=one.score) for one in chat.sources
        ]
        return cls(
            underscore_id=chat.id,
            channel=ChannelOut.of(chat.channel),
            tokens=tokens,
            username=chat.username,
            assistant_id=chat.assistant_id,
            active=chat.active,
            message=chat.message,
            response=None if chat.state is ChatState.MERGED else chat.response,
            parts=list(chat.parts),
            sources=sources,
            model=chat.model,
            degraded=chat.degraded,
            cut=chat.cut,
            handover=chat.handover_reason is not None,
            handover_reason=chat.handover_reason,
            merged_into=chat.merged_into,
            by_person=chat.by_person,
            channel_id=chat.channel_id,
            window_closes_at=chat.window_closes_at,
            delivery=DeliveryOut.of(chat.delivery) if chat.delivery else None,
            media=[MediaOut.of(one) for one in chat.media],
            conversation_id=chat.conversation_id,
            state=chat.state,
            created_at=chat.created_at,
            changed_at=chat.changed_at or chat.created_at,
        )


class ChatQuery(PageQuery):
    """Which chats to list."""

    assistant_id: str | None = None
    channel_id: Annotated[str, Field(min_length=1), BeforeValidator(phone)] | None = None


class SwitchQuery(QueryModel):
    """Which of several conversations of one channel is meant."""

    assistant_id: str | None = None
    message_service: str | None = None


class SwitchOut(AnswerModel):
    """Who answers the conversation now."""

    message: str
    channel: ChannelOut
    active: bool
