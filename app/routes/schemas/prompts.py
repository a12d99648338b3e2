"""An assistant's prompt and its versions."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.documents import DocumentStatus
from app.domain.prompts import MOST_PROMPT_CHARACTERS, Author, PromptVersion
from app.routes.schemas.common import (
    ID_PATTERN,
    AnswerModel,
    Id,
    Moment,
    NotBlank,
    QueryModel,
    RequestModel,
    Storable,
)
from app.services.prompts.service import PresentPrompt, PromptDifference
from app.services.prompts.writer import ChangedPrompt

PromptText = Annotated[str, StringConstraints(min_length=1, max_length=MOST_PROMPT_CHARACTERS), NotBlank, Storable]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), Storable]


class AuthorOut(AnswerModel):
    """Who did something, as they were called at the time."""

    id: Id
    name: str

    @classmethod
    def of(cls, author: Author | None) -> "AuthorOut | None":
        return cls(id=author.id, name=author.name) if author else None


class PromptOut(AnswerModel):
    """What an assistant is told now."""

    assistant_id: Id
    text: str | None = Field(description="Null: it has no prompt of its own, and follows the default one")
    is_default: bool
    version_id: Id | None = Field(description="The version that says so; null: there never was a prompt")
    document_id: Id | None = Field(description="The document it is in")

    @classmethod
    def of(cls, present: PresentPrompt) -> "PromptOut":
        text = present.assistant.prompt
        return cls(
            assistant_id=present.assistant.id,
            text=text,
            is_default=text is None,
            version_id=present.version.id if present.version else None,
            document_id=present.document.id if present.document else None,
        )


class PromptIn(RequestModel):
    """A new prompt."""

    text: PromptText | None = Field(description="Null: the assistant is to have none of its own")
    note: Note = Field("", description="Why, for those who read the versions")
    if_version: str | None = Field(
        None, pattern=ID_PATTERN, description="Change nothing if the version is another one by now"
    )


class NoteIn(RequestModel):
    """What is to be noted of a version."""

    note: Note


class RestoreIn(RequestModel):
    """An old text is to be used again."""

    note: Note = ""


class DifferenceQuery(QueryModel):
    """Which version to compare with."""

    against: str | None = Field(None, description="Absent: the version before it")


class PromptVersionOut(AnswerModel):
    """A version of a prompt, without its text."""

    underscore_id: Id = Field(alias="_id")
    assistant_id: Id
    created_at: Moment = Field(alias="createdAt")
    author: AuthorOut | None = Field(description="Null: the service itself, as from the documents folder")
    note: str
    characters: int
    current: bool = Field(description="Whether the assistant follows it now")
    restored_from: Id | None = Field(description="The version whose text it is again")
    run_id: Id | None = Field(description="The evaluation that tried it before it was published")

    @classmethod
    def of(cls, version: PromptVersion, *, current: bool) -> "PromptVersionOut":
        written = version.authorship
        return cls(
            underscore_id=version.id,
            assistant_id=version.assistant_id,
            created_at=version.created_at,
            author=AuthorOut.of(written.author),
            note=written.note,
            characters=len(version.text or ""),
            current=current,
            restored_from=written.restored_from,
            run_id=written.run_id,
        )


class PromptVersionTextOut(PromptVersionOut):
    """A version of a prompt."""

    text: str | None = Field(description="Null: from then on there was none")

    @classmethod
    def of(cls, version: PromptVersion, *, current: bool) -> "PromptVersionTextOut":
        without = PromptVersionOut.of(version, current=current)
        return cls(**without.model_dump(by_alias=False), text=version.text)


class ChangedPromptOut(PromptVersionTextOut):
    """A version that was just made."""

    status: DocumentStatus = Field(description="Of its document; once it is `ready`, customers get it")

    @classmethod
    def of_changed(cls, changed: ChangedPrompt) -> "ChangedPromptOut":
        version = PromptVersionTextOut.of(changed.version, current=changed.status is DocumentStatus.READY)
        return cls(**version.model_dump(by_alias=False), status=changed.status)


class PromptDifferenceOut(AnswerModel):
    """What changed from one version to another."""

    before: Id | None = Field(alias="from", description="Null: there was none before")
    after: Id = Field(alias="to")
    diff: str = Field(description="In the unified format")
    added: int = Field(description="How many lines came")
    removed: int = Field(description="How many lines went")

    @classmethod
    def of(cls, difference: PromptDifference) -> "PromptDifferenceOut":
        before = difference.before
        return cls(
            before=before.id if before else None,
            after=difference.after.id,
            diff=difference.text,
            added=difference.added,
            removed=difference.removed,
        )
