"""Canned replies: texts that operators write often."""

from dataclasses import dataclass
from datetime import datetime

MOST_REPLIES = 500
"""How many an assistant has at most."""


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A text by its shortcut; `{{nome}}` in it stands for the customer's name, which the client fills in."""

    id: str
    assistant_id: str
    shortcut: str
    text: str
    created_at: datetime
