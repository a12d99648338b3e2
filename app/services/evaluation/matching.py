"""Whether a chunk is the one a question was meant to find."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.documents import ScoredChunk
from app.domain.folding import fold


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question and what answers it: a text, one of some files, or a text in one of them; `line` in its file."""

    line: int
    question: str
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, what was found for it, best first, and the rank of the first hit (None: there is none)."""

    known: KnownQuestion
    found: tuple[ScoredChunk, ...]
    rank: int | None


def judge(known: KnownQuestion, found: Sequence[ScoredChunk]) -> Outcome:
    """Where the answer stands in what was found."""
    rank = next((rank for rank, candidate in enumerate(found, 1) if answers(candidate, known)), None)
    return Outcome(known, tuple(found), rank)


def answers(candidate: ScoredChunk, known: KnownQuestion) -> bool:
    """Whether the text stands in the chunk or its heading as whole words, and the file is one of those named."""
    if known.files and _name(candidate.filename) not in map(_name, known.files):
        return False
    wanted = f" {words_of(known.text)} "
    return any(wanted in f" {words_of(part)} " for part in (candidate.text, candidate.heading)) or not known.text


def words_of(text: str) -> str:
    """The words alone, a space between them: without case, accents, punctuation and marks."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def _name(filename: str) -> str:
    return unicodedata.normalize("NFC", filename).casefold()
