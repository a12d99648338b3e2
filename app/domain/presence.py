"""Who looks at a conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PRESENT_FOR = timedelta(seconds=50)
"""How long after their last word a person counts as present."""


@dataclass(frozen=True, slots=True)
class Presence:
    """A person who looks at a conversation, and whether they are typing; `at` is their last word."""

    user_id: str
    name: str
    typing: bool
    at: datetime
