"""Changes to a file, or to its text, that are collected first and applied together."""

from collections.abc import Iterable
from typing import AnyStr, Generic, NamedTuple

from app.extraction.problems import Problem, ProblemError

_MOST_ADDED = 20 * 1024 * 1024


class Edit(NamedTuple, Generic[AnyStr]):
    """What stands from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: AnyStr


def applied(content: AnyStr, edits: Iterable[Edit[AnyStr]]) -> AnyStr:
    """The changed content; the edits come in order. Raises `ProblemError` where it would grow beyond measure."""
    parts: list[AnyStr] = []
    place = added = 0
    for start, end, text in edits:
        parts.extend((content[place:start], text))
        place, added = max(place, end), added + len(text)
        if added > _MOST_ADDED:
            raise ProblemError(Problem.TOO_COMPLICATED, "cells repeated too often")
    parts.append(content[place:])
    return content[:0].join(parts)
