"""Evaluations: an assistant's question set, and what came of asking it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.conversations import Tokens
from app.domain.prompts import Author

MOST_CASES = 500
MOST_RUNS = 50


class CaseSource(StrEnum):
    """How a case came about."""

    PERSON = "person"
    FILE = "file"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class EvaluationCase:
    """A question, what answers it ("" where only a file is expected), and files any of which is to be found.

    `key` is the same for questions that differ in case, accents and punctuation alone; an assistant has each once.
    """

    id: str
    assistant_id: str
    key: str
    question: str
    expected: str
    files: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    source: CaseSource


class RunState(StrEnum):
    """How far a run has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


UNENDED = (RunState.QUEUED, RunState.RUNNING)


class Verdict(StrEnum):
    """What became of a question; `FAILED`: no model answered."""

    RIGHT = "right"
    WRONG = "wrong"
    FAILED = "failed"


class CaseChange(StrEnum):
    """A verdict, compared with that of another run; `NEW`: that one has none of this question."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a run tries in the place of the assistant's own (None: its own)."""

    prompt: str | None = None
    model: str | None = None
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that an answer was built from; `position` is that of its first chunk in the document."""

    document_id: str
    filename: str
    position: int
    score: float


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A question of a run, and what came of it. `cost` is in billionths of a real (None: not known).

    `reason` says in a sentence what was missing, `error` is the code of what failed. `by_person`: somebody has said
    whether it is right.
    """

    id: str
    run_id: str
    assistant_id: str
    case_id: str
    number: int
    question: str
    expected: str
    files: tuple[str, ...]
    verdict: Verdict
    answer: str = ""
    reason: str = ""
    handover_reason: str | None = None
    passages: tuple[FoundPassage, ...] = ()
    model: str | None = None
    tokens: Tokens = Tokens()  # noqa: RUF009 - frozen
    cost: int | None = 0
    seconds: float = 0.0
    error: str | None = None
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """All questions of an assistant, asked once.

    `prompt` is what the assistant was told (None: the default), whether it was tried or its own (`version_id`).
    `compared_with` is the run that was the last to be done when it began. `lease_until`: until when who works on it
    has it. `published_version`: the version that its prompt became.
    """

    id: str
    assistant_id: str
    owner_id: str
    created_at: datetime
    author: Author | None
    candidate: Candidate = Candidate()
    prompt: str | None = None
    version_id: str | None = None
    note: str = ""
    state: RunState = RunState.QUEUED
    total: int = 0
    error: str | None = None
    ended_at: datetime | None = None
    compared_with: str | None = None
    published_version: str | None = None
    worker: str | None = None
    lease_until: datetime | None = None


def change_of(now: Verdict, before: Verdict | None) -> CaseChange:
    """What a verdict is against the one before (None: there was none)."""
    if before is None:
        return CaseChange.NEW
    if (now is Verdict.RIGHT) == (before is Verdict.RIGHT):
        return CaseChange.SAME
    return CaseChange.BETTER if now is Verdict.RIGHT else CaseChange.WORSE
