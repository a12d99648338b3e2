"""Files of customers as parts of the rows of their messages."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from app.domain.channels import MediaKind
from app.domain.media import Media
from app.domain.rows import Row


def media_rows(media: Iterable[Media]) -> list[Row]:
    """What a row says of files."""
    return [asdict(one) for one in media]


def media_of(rows: Sequence[Any]) -> tuple[Media, ...]:
    """The files that a row tells of."""
    return tuple(Media(**{**row, "kind": MediaKind(row["kind"])}) for row in rows)
