"""Ids that sort by the time they were made, across processes."""

import re
import secrets
import threading
import time

_HEX_ID = re.compile(r"[0-9a-f]{24}")
_RANDOM_BITS = 44

_lock = threading.Lock()
_last_microsecond = 0


def new_id() -> str:
    """24 hex characters in the shape of a MongoDB ObjectId.

    Seconds since the epoch (32 bits, where ObjectId has them), the microsecond (20 bits), then randomness
    (44 bits). An ordinary ObjectId sorts only by second once several processes make them.
    """
    global _last_microsecond  # noqa: PLW0603 - ids of one process never go backwards
    with _lock:
        _last_microsecond = max(_last_microsecond + 1, time.time_ns() // 1000)
        seconds, microsecond = divmod(_last_microsecond, 1_000_000)
    value = (seconds << 64) | (microsecond << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    return f"{value:024x}"


def is_id(text: str) -> bool:
    """Whether `text` has the shape of an id; says nothing about existence."""
    return _HEX_ID.fullmatch(text) is not None
