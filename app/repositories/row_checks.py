"""Whether rows that come from elsewhere can be read as ours."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bson import ObjectId

from app.domain.rows import Row
from app.repositories import chat_rows, conversation_rows
from app.repositories.assistant_rows import assistant_of
from app.repositories.canned_replies import reply_of
from app.repositories.document_rows import document_from_row
from app.repositories.labels import label_of
from app.repositories.notes import note_of
from app.repositories.user_rows import user_of

_READERS: Mapping[str, Callable[[Row], object]] = {
    "users": user_of,
    "assistants": lambda row: assistant_of(row, ""),
    "documents": document_from_row,
    "conversations": conversation_rows.from_row,
    "chats": chat_rows.from_row,
    "notes": note_of,
    "labels": label_of,
    "canned_replies": reply_of,
}
_SCALARS = (str, bool, int, float, datetime)
_DELETING = "deleting"


def is_readable(collection: str, row: Row) -> bool:
    """Whether the service could read this row; True for what is deleted, and for collections nobody reads whole."""
    reader = _READERS.get(collection)
    if reader is None or row.get("state") == _DELETING:
        return True
    if not isinstance(row["_id"], ObjectId):
        return False
    try:
        return _fits(reader(row))
    except Exception:  # of rows that were made up, a reader raises whatever it meets first
        return False


def _fits(value: Any) -> bool:
    """Whether the plain fields of a dataclass, and of those in it, have the types they should."""
    kind: Any = type(value)
    for name, allowed in _types_of(kind).items():
        found = getattr(value, name)
        if is_dataclass(found):
            if not _fits(found):
                return False
        elif allowed and not isinstance(found, allowed):
            return False
    return True


@cache
def _types_of(kind: Any) -> dict[str, tuple[type[Any], ...]]:
    """The types each field may have; none for a field that is more than a plain value."""
    hints = get_type_hints(kind)
    return {field.name: _plain_types(hints[field.name]) for field in fields(kind)}


def _plain_types(hint: Any) -> tuple[type[Any], ...]:
    choices = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    if not all(choice in {*_SCALARS, NoneType} for choice in choices):
        return ()
    return (*choices, int) if float in choices else tuple(choices)
