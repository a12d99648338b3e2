"""Ids that sort by the time they were made, across processes."""

import hashlib
import re
import secrets
import threading
import time
from datetime import UTC, datetime

_HEX_ID = re.compile(r"[0-9a-f]{24}")
_RANDOM_BITS = 44

_lock = threading.Lock()
_last_microsecond = 0


def new_id(after: str | None = None) -> str:
    """24 hex characters in the shape of a MongoDB ObjectId, greater than the id `after`.

    Seconds since the epoch (32 bits, where ObjectId has them), the microsecond (20 bits), then randomness
    (44 bits). An ordinary ObjectId sorts only by second once several processes make them.
    """
    global _last_microsecond  # noqa: PLW0603 - ids of one process never go backwards
    latest = _microsecond_of(after) if after else 0
    with _lock:
        _last_microsecond = max(latest + 1, _last_microsecond + 1, time.time_ns() // 1000)
        seconds, microsecond = divmod(_last_microsecond, 1_000_000)
    value = (seconds << 64) | (microsecond << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    return f"{value:024x}"


def derived_id(*parts: str) -> str:
    """The id that belongs to `parts`, always the same; not guessable by who does not know them all."""
    joined = "\x00".join(parts).encode(errors="surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:24]


def made_at(made_id: str) -> datetime:
    """When `new_id` made an id."""
    seconds, microsecond = divmod(_microsecond_of(made_id), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microsecond)


def first_id_at(moment: datetime) -> str:
    """The lowest id that `new_id` can make at this moment."""
    return f"{int(moment.timestamp()):08x}" + "0" * 16


def is_id(text: str) -> bool:
    """Whether `text` has the shape of an id; says nothing about existence."""
    return _HEX_ID.fullmatch(text) is not None


def _microsecond_of(made_id: str) -> int:
    seconds, below = divmod(int(made_id, 16), 1 << 64)
    return seconds * 1_000_000 + (below >> _RANDOM_BITS)
