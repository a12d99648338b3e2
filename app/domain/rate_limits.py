"""How often somebody may ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class LimitClass(StrEnum):
    """What a request costs, roughly; each class of each caller is counted by itself."""

    MESSAGES = "messages"
    SEARCH = "search"
    UPLOADS = "uploads"
    REGISTER = "register"
    READS = "reads"
    VISITORS = "visitors"
    VISITOR_MESSAGES = "visitor_messages"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `amount` requests within any `seconds`; `name` tells it from the caller's other limits."""

    name: str
    amount: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What a caller has left of a limit, and in how many seconds the oldest counted request no longer counts."""

    limit: RateLimit
    is_allowed: bool
    remaining: int
    seconds: float


class Bucket(NamedTuple):
    """So many requests that came within a part of a window, from `start` on (seconds since 1970)."""

    start: float
    requests: int


class Counts(NamedTuple):
    """What one process counted of one caller under one limit, good until `expires` (seconds since 1970)."""

    key: str
    buckets: Sequence[Bucket]
    expires: float
