"""What is handed to whoever answers a customer, and what comes back."""

from dataclasses import dataclass, field

from app.domain.conversations import Tokens
from app.domain.documents import Passage


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the customer and the business's answer to it ("" where there was none).

    What a person of the business wrote unasked is a response to the message "".
    """

    message: str
    response: str


MOST_IMAGES = 10
MOST_IMAGE_BYTES = 5 * 2**20
MOST_IMAGES_BYTES = 10 * 2**20
"""Of all pictures of one question together."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that came with a message, and its type (`image/jpeg`)."""

    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class Question:
    """A customer's message with everything an answer may be built from.

    `instructions`: the assistant's prompt (None: the default one). `passages`: best first.
    `history`: oldest first. `model` and `temperature`: the assistant's own (None: those of the service).
    `images` came with the message; a model that sees none gets the text alone.
    """

    message: str
    instructions: str | None = None
    passages: tuple[Passage, ...] = ()
    history: tuple[Turn, ...] = ()
    username: str | None = None
    model: str | None = None
    temperature: float | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, what it cost, which model wrote it, and the passages it was built from (best first).

    `handover_reason`: why the model wants a person to go on (None: it does not); `text` is "" then.
    `degraded`: a stand-in answered because the model could not. `cut`: the model reached its limit of output
    tokens; `text` ends with its last whole sentence.
    """

    text: str
    tokens: Tokens
    model: str | None
    passages: tuple[Passage, ...] = ()
    handover_reason: str | None = None
    degraded: bool = False
    cut: bool = False
