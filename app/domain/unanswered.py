"""Questions that an assistant did not know, in groups of similar ones."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.prompts import Author

MOST_GROUPS = 500
MOST_EXAMPLES = 5


class GroupState(StrEnum):
    """Whether something is to be done about a group."""

    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A message whose answer said that the assistant does not know, or called a person."""

    assistant_id: str
    chat_id: str
    conversation_id: str
    question: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UnansweredGroup:
    """Similar questions: how many, and the latest few, newest first.

    `vector` is the embedding of the first one by `model` (b"": that one was erased), which was asked in the
    conversation `origin`. `last_chat_id` is the latest chat's. `done_at` and `done_by`: when and by whom it was
    marked as done (None: it is open).
    """

    id: str
    assistant_id: str
    model: str
    vector: bytes
    origin: str
    count: int
    examples: tuple[UnansweredQuestion, ...]
    first_at: datetime
    last_at: datetime
    last_chat_id: str
    done_at: datetime | None = None
    done_by: Author | None = None

    @property
    def question(self) -> str:
        """The latest of its questions, which stands for all."""
        return self.examples[0].question

    @property
    def state(self) -> GroupState:
        """Whether something is to be done about it."""
        return GroupState.OPEN if self.done_at is None else GroupState.DONE
