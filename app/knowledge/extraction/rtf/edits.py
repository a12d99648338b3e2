"""Changes to a file that are collected first and applied together."""

from collections.abc import Sequence
from typing import NamedTuple

from app.knowledge.extraction.problems import Problem, ProblemError

_MOST_ADDED = 20 * 1024 * 1024


class Edit(NamedTuple):
    """What stands from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: bytes


def applied(data: bytes, edits: Sequence[Edit], last: Sequence[bytes]) -> bytes:
    """The changed document, with `last` as its last paragraphs; raises `ProblemError` where it grows too much."""
    if sum(len(edit.text) for edit in edits) > _MOST_ADDED:
        raise ProblemError(Problem.TOO_COMPLICATED, "cells repeated too often")
    parts: list[bytes] = []
    place = 0
    for start, end, text in sorted(edits):
        parts.extend((data[place:start], text))
        place = max(place, end)
    final = data.rindex(b"}")
    paragraphs = [b"{\\pard " + part + b"\\par}" for part in last]
    return b"".join([*parts, data[place:final], *([b"\\par"] if last else []), *paragraphs, data[final:]])
