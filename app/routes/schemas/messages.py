"""What is written to customers and by them."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

from app.domain.conversations import Channel
from app.routes.schemas.common import Name, NotBlank, QueryModel, RequestModel, Storable
from app.services.human_messages import HumanMessage
from app.services.messages import IncomingMessage


def _digits(value: Any) -> Any:
    """Some gateways number their messages."""
    return str(value) if type(value) is int else value


Said = Annotated[str, NotBlank, Storable]
Username = Annotated[str, StringConstraints(max_length=200), Storable]
Key = Annotated[str, StringConstraints(min_length=1, max_length=255), NotBlank, Storable]
MessageId = Annotated[Key, BeforeValidator(_digits, json_schema_input_type=str | int)]


class IncomingMessageIn(BaseModel):
    """A customer's message. Gateways add fields of their own; those are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Name = Field(description="The channel's id at the message service", examples=["+5513988593464"])
    message_service: Name = Field(examples=["Whatsapp"])
    message: Said = Field(examples=["Qual é o prazo de entrega?"])
    username: Username | None = None
    active: StrictBool | None = Field(
        None, description="false hands the conversation to a person; true changes nothing"
    )
    message_id: MessageId | None = Field(
        None, description="The gateway's own id of this message: however often it is sent, it is answered once"
    )

    def to_message(self, idempotency_key: str | None) -> IncomingMessage:
        """What the service is to answer."""
        return IncomingMessage(
            channel=Channel(self.id, self.message_service),
            text=self.message,
            username=self.username,
            deactivate=self.active is False,
            message_id=self.message_id,
            idempotency_key=idempotency_key,
        )


class IdempotencyHeaders(BaseModel):
    """How a request says that it may come again."""

    model_config = ConfigDict(populate_by_name=True)

    idempotency_key: Key | None = Field(None, alias="Idempotency-Key", description="Does what `message_id` does")


class HumanMessageIn(RequestModel):
    """What a person of the business wrote to a customer."""

    id: Name = Field(description="The channel's id at the message service", examples=["+5513988593464"])
    message_service: Name = Field(examples=["Whatsapp"])
    message: Annotated[Said, Field(max_length=100_000)] = Field(examples=["Oi, Maria! Aqui é a Ana, da loja."])
    username: Username | None = Field(None, description="Who wrote it")
    message_id: MessageId | None = Field(
        None, description="The gateway's own id of this message: however often it is sent, it is recorded once"
    )

    def to_message(self, author: str | None, idempotency_key: str | None) -> HumanMessage:
        """What the service is to record, by `author` unless the message says by whom."""
        channel = Channel(self.id, self.message_service)
        return HumanMessage(channel, self.message, self.username or author, self.message_id, idempotency_key)


class HumanMessageQuery(QueryModel):
    """Which assistant is meant, where several have the channel or none has it yet."""

    assistant_id: str | None = None
