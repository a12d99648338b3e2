"""Trials: questions asked outside of any conversation, to see what an assistant would answer."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.answers import Answer, Question, Turn


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What to ask; `prompt`, `model` and `temperature` take the place of the assistant's own (None: its own)."""

    message: str
    history: tuple[Turn, ...] = ()
    prompt: str | None = None
    model: str | None = None
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class TrialCall:
    """A call of a model that is paid for by the assistant; it is over at `until` at the latest."""

    id: str
    created_at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What was asked, and the answer. `cost` is in billionths of a real (None: not known), `seconds` its time.

    `unanswered`: the assistant said that it does not know, or called a person by itself.
    """

    question: Question
    answer: Answer
    cost: int | None
    seconds: float
    unanswered: bool
