"""Private notes: what operators write to each other about a contact."""

from dataclasses import dataclass
from datetime import datetime

MOST_NOTES = 500
"""How many a conversation has at most."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note at a conversation; `author_name` is what its author was called then. No model is ever shown it."""

    id: str
    assistant_id: str
    conversation_id: str
    author_id: str
    author_name: str
    text: str
    created_at: datetime
