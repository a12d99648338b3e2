"""What is known of an erasure afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """Says that a contact's data was erased, and how many rows of each kind, without telling whose."""

    id: str
    erased: Mapping[str, int]
    at: datetime
