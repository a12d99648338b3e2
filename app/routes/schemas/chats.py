"""Chats."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

from app.domain.conversations import Channel, Chat
from app.routes.schemas.common import AnswerModel, Id, Moment, Name, PageQuery, QueryModel, Storable
from app.services.messages import IncomingMessage
from app.services.whatsapp import to_parts


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _phone(text: str) -> str:
    """A "+" that was not encoded arrives as a blank, with which no channel id begins."""
    return f"+{text[1:]}" if text.startswith(" ") else text


class IncomingMessageIn(BaseModel):
    """A customer's message. Gateways add fields of their own; those are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Name = Field(description="The channel's id at the message service", examples=["+5513988593464"])
    message_service: Name = Field(examples=["Whatsapp"])
    message: Annotated[str, AfterValidator(_not_blank), Storable] = Field(examples=["Qual é o prazo de entrega?"])
    username: Annotated[str, StringConstraints(max_length=200), Storable] | None = None
    active: StrictBool | None = Field(
        None, description="false hands the conversation to a person; true changes nothing"
    )

    def to_message(self) -> IncomingMessage:
        """What the service is to answer."""
        return IncomingMessage(
            channel=Channel(self.id, self.message_service),
            text=self.message,
            username=self.username,
            deactivate=self.active is False,
        )


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


class ChatOut(AnswerModel):
    """One message and its answer."""

    underscore_id: Id = Field(alias="_id")
    channel: ChannelOut
    tokens: TokensOut
    username: str | None
    assistant_id: Id
    active: bool = Field(description="Whether the assistant answers this conversation")
    message: str
    response: str = Field(description="Empty while there is none")
    parts: list[str] = Field(description="The response as WhatsApp shows it, in texts of at most 4,096 characters")
    sources: list[SourceOut]
    model: str | None = Field(description="What wrote the answer")
    created_at: Moment = Field(alias="createdAt")

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
            response=chat.response,
            parts=list(to_parts(chat.response)),
            sources=sources,
            model=chat.model,
            created_at=chat.created_at,
        )


class ChatQuery(PageQuery):
    """Which chats to list."""

    assistant_id: str | None = None
    channel_id: Annotated[str, Field(min_length=1), BeforeValidator(_phone)] | None = None


class SwitchQuery(QueryModel):
    """Which of several conversations of one channel is meant."""

    assistant_id: str | None = None
    message_service: str | None = None


class SwitchOut(AnswerModel):
    """Who answers the conversation now."""

    message: str
    channel: ChannelOut
    active: bool
