"""What is handed to whoever answers a customer, and what comes back."""

from dataclasses import dataclass

from app.domain.conversations import Tokens
from app.domain.documents import Passage


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the customer and the business's answer to it ("" if there was none)."""

    message: str
    response: str


@dataclass(frozen=True, slots=True)
class Question:
    """A customer's message with everything an answer may be built from.

    `instructions`: the assistant's prompt (None: the default one). `passages`: best first.
    `history`: oldest first.
    """

    message: str
    instructions: str | None = None
    passages: tuple[Passage, ...] = ()
    history: tuple[Turn, ...] = ()
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, what it cost, which model wrote it, and the passages it was built from (best first)."""

    text: str
    tokens: Tokens
    model: str
    passages: tuple[Passage, ...] = ()
