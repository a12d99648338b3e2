"""Decides whether a chunk answers a known question."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.documents import ScoredChunk
from app.domain.folding import fold


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question and its answer: a text, a file (any of `files`), or a text in a file; `line` in the CSV."""

    line: int
    question: str
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, the chunks found for it, best first, and the rank of the first that answers it (or None)."""

    known: KnownQuestion
    found: tuple[ScoredChunk, ...]
    rank: int | None


def judge(known: KnownQuestion, found: Sequence[ScoredChunk]) -> Outcome:
    """The outcome of a question whose search returned `found`, best first."""
    rank = next((rank for rank, candidate in enumerate(found, 1) if answers(candidate, known)), None)
    return Outcome(known, tuple(found), rank)


def answers(candidate: ScoredChunk, known: KnownQuestion) -> bool:
    """Whether the chunk is of one of the files, and it or its heading contains the text as whole words."""
    if known.files and _name(candidate.filename) not in map(_name, known.files):
        return False
    wanted = f" {words_of(known.text)} "
    return any(wanted in f" {words_of(part)} " for part in (candidate.text, candidate.heading)) or not known.text


def words_of(text: str) -> str:
    """The words with a space between them, without case, accents and punctuation."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def _name(filename: str) -> str:
    return unicodedata.normalize("NFC", filename).casefold()
