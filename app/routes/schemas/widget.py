"""What a visitor's page and the service tell each other."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.domain.visitors import VisitorMessage, VisitorSession
from app.routes.schemas.common import AnswerModel, Moment, NotBlank, QueryModel, RequestModel, Storable

_LARGEST_NUMBER = 2**53 - 1
_Number = Annotated[int, Field(ge=0, le=_LARGEST_NUMBER)]


class WidgetOut(AnswerModel):
    """How the widget looks."""

    title: str
    greeting: str = Field(description="What the window says before anything is written")
    most_characters: int = Field(description="How long a message may be")


class SessionOut(AnswerModel):
    """A new session."""

    token: str = Field(description="Sent as `Authorization: Bearer …`; shown this once")
    expires_at: Moment = Field(description="An hour from now; with each message it becomes seven days")

    @classmethod
    def of(cls, session: VisitorSession, token: str) -> "SessionOut":
        return cls(token=token, expires_at=session.expires_at)


class VisitorMessageIn(RequestModel):
    """What a visitor wrote."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")] = Field(
        description="Made by the page, the same when it tries again: a message is taken in once",
        examples=["5f0c2d9ab41e4f7c"],
    )
    text: Annotated[str, Storable, NotBlank]


class AcceptedOut(AnswerModel):
    """The message was taken in; its answer comes with the messages."""

    id: str


class MessagesQuery(QueryModel):
    """What the page has already."""

    after: int = Field(0, ge=0, le=_LARGEST_NUMBER, description="The number of the latest message it has")


class VisitorMessageOut(AnswerModel):
    """A message of the conversation."""

    number: int = Field(description="They are numbered from 1")
    id: str
    by: Literal["visitor", "business"]
    text: str
    at: Moment

    @classmethod
    def of(cls, message: VisitorMessage) -> "VisitorMessageOut":
        by: Literal["visitor", "business"] = "visitor" if message.by_visitor else "business"
        return cls(number=message.number, id=message.id, by=by, text=message.text, at=message.at)


class MessagesOut(AnswerModel):
    """What came since, oldest first; of old messages the latest 100 are kept."""

    messages: list[VisitorMessageOut]
    typing: bool = Field(description="An answer is being written")


class SeenOut(AnswerModel):
    """What is known now of how far the page is."""

    delivered: int
    read: int


class SeenIn(RequestModel):
    """How far the page is."""

    delivered: _Number = Field(description="It has all messages up to this number")
    read: _Number = Field(description="All up to this number were shown in the open window")
