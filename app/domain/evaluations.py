"""Evaluations: an assistant's question set, and what came of asking it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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


class Reason(StrEnum):
    """Why an answer is not right."""

    HANDED_OVER = "handed_over"
    UNANSWERED = "unanswered"
    FILE_NOT_FOUND = "file_not_found"
    NUMBERS_MISSING = "numbers_missing"
    WORDS_MISSING = "words_missing"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict; of one that is not right why, and which files, numbers or words are missing."""

    verdict: Verdict
    reason: Reason | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A question of a run, and what came of it. `cost` is in billionths of a real (None: not known).

    `error` is the code of what failed. `by_person`: somebody has said whether it is right.
    """

    id: str
    run_id: str
    assistant_id: str
    case_id: str
    number: int
    question: str
    expected: str
    files: tuple[str, ...]
    judgement: Judgement
    answer: str = ""
    handover_reason: str | None = None
    passages: tuple[FoundPassage, ...] = ()
    model: str | None = None
    tokens: Tokens = Tokens()  # noqa: RUF009 - frozen
    cost: int | None = 0
    seconds: float = 0.0
    error: str | None = None
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What came of a run so far: results by verdict and by change, and what they cost in billionths of a real.

    `unpriced`: how many results' cost is not known.
    """

    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    changes: Mapping[CaseChange, int] = field(default_factory=dict)
    tokens: Tokens = Tokens()  # noqa: RUF009 - frozen
    cost: int = 0
    unpriced: int = 0

    @property
    def done(self) -> int:
        """How many questions were asked."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """All questions of an assistant, asked once.

    `prompt` is what the assistant was told (None: the default one), whether it was tried or its own.
    `compared_with` is the run that was the last to be done when it began. `published_version`: the version that its
    prompt became. `attempts` counts how often somebody began to work on it.
    """

    id: str
    assistant_id: str
    owner_id: str
    created_at: datetime
    author: Author | None
    candidate: Candidate = Candidate()
    prompt: str | None = None
    note: str = ""
    state: RunState = RunState.QUEUED
    total: int = 0
    figures: RunFigures = RunFigures()
    error: str | None = None
    ended_at: datetime | None = None
    compared_with: str | None = None
    published_version: str | None = None
    attempts: int = 0


def change_of(now: Verdict, before: Verdict | None) -> CaseChange:
    """What a verdict is against the one before (None: there was none)."""
    if before is None:
        return CaseChange.NEW
    if (now is Verdict.RIGHT) == (before is Verdict.RIGHT):
        return CaseChange.SAME
    return CaseChange.BETTER if now is Verdict.RIGHT else CaseChange.WORSE


def figures_of(results: Iterable[CaseResult], before: Mapping[str, Verdict]) -> RunFigures:
    """The figures of results; `before` are the verdicts they are compared with, by case."""
    found = list(results)
    costs = [one.cost for one in found]
    return RunFigures(
        verdicts=Counter(one.judgement.verdict for one in found),
        changes=Counter(change_of(one.judgement.verdict, before.get(one.case_id)) for one in found),
        tokens=Tokens(
            sum(one.tokens.input for one in found),
            sum(one.tokens.output for one in found),
            cached=sum(one.tokens.cached for one in found),
        ),
        cost=sum(cost for cost in costs if cost is not None),
        unpriced=sum(cost is None for cost in costs),
    )
