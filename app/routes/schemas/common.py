"""What all models share."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from app.domain.errors import InvalidError

ID_PATTERN = r"^[0-9a-f]{24}$"

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise ValueError("must not contain NUL characters or lone surrogates")
    return text


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


# Constraints of `str` itself come first: behind a validator of ours, blanks would count for `min_length`.
Storable = AfterValidator(_storable)
NotBlank = AfterValidator(_not_blank)
Text = Annotated[str, Storable]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Storable]
Id = Annotated[str, Field(examples=["6561f0c2a1b2c3d4e5f60718"])]
Moment = Annotated[
    datetime,
    PlainSerializer(_iso, return_type=str, when_used="json"),
    Field(examples=["2026-11-22T07:37:12.345+00:00"]),
]


class RequestModel(BaseModel):
    """Input: unknown fields are refused, types are not bent."""

    model_config = ConfigDict(extra="forbid", strict=True)


class QueryModel(BaseModel):
    """Query parameters: everything arrives as text; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")


class AnswerModel(BaseModel):
    """Output."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class PageQuery(QueryModel):
    """Which page of a list."""

    limit: int = Field(100, ge=1, le=500, description="At most so many entries")
    cursor: str | None = Field(None, pattern=ID_PATTERN, description="Taken from the `Link` header of a page")


class MessageOut(AnswerModel):
    """A sentence about what was done."""

    message: str


class ErrorOut(AnswerModel):
    """The body of every error."""

    error: str = Field(description="A sentence for a person")
    code: str = Field(description="A stable code for a program")
    fields: dict[str, Any] | None = Field(None, description="With 422: what is wrong with each field")


def check_unchanged(sent: RequestModel, current: AnswerModel, names: set[str]) -> None:
    """Raise `InvalidError` `read_only` where one of these fields was sent with another value than it has."""
    is_now = current.model_dump(mode="json")
    values = sent.model_dump(include=names, exclude_unset=True, by_alias=True)
    changed = [name for name, value in values.items() if not _same(value, is_now[name])]
    if changed:
        problems = {name: ["This field cannot be changed."] for name in changed}
        raise InvalidError("Some of these fields cannot be changed.", problems, code="read_only")


def _same(sent: Any, is_now: Any) -> bool:
    """Equal, or the same moment written differently."""
    try:
        return bool(sent == is_now or datetime.fromisoformat(sent) == datetime.fromisoformat(is_now))
    except (TypeError, ValueError):
        return False
