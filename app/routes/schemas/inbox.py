"""Notes, labels, canned replies, presence."""

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from app.domain.canned_replies import CannedReply
from app.domain.labels import MOST_LABELS_OF_CONVERSATION, Label
from app.domain.notes import Note
from app.domain.presence import Presence
from app.routes.schemas.common import AnswerModel, Id, Moment, NotBlank, QueryModel, RequestModel, Storable

LabelName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), Storable]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
# Letters and digits of any script.
Shortcut = Annotated[str, StringConstraints(pattern=r"^[\w.\-]{1,50}$"), Storable]
ReplyText = Annotated[str, StringConstraints(max_length=4096), NotBlank, Storable]


class NoteIn(RequestModel):
    """A new note."""

    text: Annotated[str, StringConstraints(max_length=4000), NotBlank, Storable]


class NoteAuthorOut(AnswerModel):
    """Who wrote a note."""

    id: Id
    name: str


class NoteOut(AnswerModel):
    """A private note."""

    underscore_id: Id = Field(alias="_id")
    conversation_id: Id
    author: NoteAuthorOut
    text: str
    created_at: Moment = Field(alias="createdAt")

    @classmethod
    def of(cls, note: Note) -> "NoteOut":
        return cls(
            underscore_id=note.id,
            conversation_id=note.conversation_id,
            author=NoteAuthorOut(id=note.author_id, name=note.author_name),
            text=note.text,
            created_at=note.created_at,
        )


class NoteQuery(QueryModel):
    """Which note is meant."""

    note_id: str


class LabelIn(RequestModel):
    """A new label."""

    name: LabelName = Field(examples=["VIP"])
    color: Color = Field(examples=["#d97706"])


class LabelChangeIn(RequestModel):
    """What to change of a label."""

    name: LabelName | None = None
    color: Color | None = None


class LabelOut(AnswerModel):
    """A label of an assistant's conversations."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    name: str
    color: str = Field(examples=["#d97706"])
    created_at: Moment = Field(alias="createdAt")

    @classmethod
    def of(cls, label: Label) -> "LabelOut":
        return cls(
            underscore_id=label.id,
            assistant_id=label.assistant_id,
            name=label.name,
            color=label.color,
            created_at=label.created_at,
        )


class LabelQuery(QueryModel):
    """Which label is meant."""

    label_id: str


class ConversationLabelsIn(RequestModel):
    """The labels of a conversation, in the place of those it had."""

    label_ids: list[str] = Field(max_length=MOST_LABELS_OF_CONVERSATION)


class CannedReplyIn(RequestModel):
    """A new canned reply."""

    shortcut: Shortcut = Field(description="Found without regard to case and accents", examples=["oi"])
    text: ReplyText = Field(description="May hold `{{nome}}`, which the client fills in")


class CannedReplyChangeIn(RequestModel):
    """What to change of a canned reply."""

    shortcut: Shortcut | None = None
    text: ReplyText | None = None


class CannedReplyOut(AnswerModel):
    """A text that operators write often."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    shortcut: str
    text: str
    created_at: Moment = Field(alias="createdAt")

    @classmethod
    def of(cls, reply: CannedReply) -> "CannedReplyOut":
        return cls(
            underscore_id=reply.id,
            assistant_id=reply.assistant_id,
            shortcut=reply.shortcut,
            text=reply.text,
            created_at=reply.created_at,
        )


class CannedReplyQuery(QueryModel):
    """Which canned reply is meant."""

    reply_id: str


class PresenceIn(RequestModel):
    """That somebody looks at a conversation."""

    typing: StrictBool = Field(False, description="Whether they are writing to the customer")
    gone: StrictBool = Field(False, description="Whether they look at it no more")


class PresenceOut(AnswerModel):
    """Somebody who looks at the same conversation."""

    user_id: Id
    name: str
    typing: bool
    at: Moment = Field(description="When they last said so, or up to ten seconds before")

    @classmethod
    def of(cls, presence: Presence) -> "PresenceOut":
        return cls(user_id=presence.user_id, name=presence.name, typing=presence.typing, at=presence.at)
