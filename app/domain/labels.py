"""Labels: what operators sort conversations by."""

from dataclasses import dataclass
from datetime import datetime

MOST_LABELS = 100
"""How many an assistant has at most."""
MOST_LABELS_OF_CONVERSATION = 20


@dataclass(frozen=True, slots=True)
class Label:
    """A label of an assistant's conversations; `color` is `#rrggbb`."""

    id: str
    assistant_id: str
    name: str
    color: str
    created_at: datetime
