"""Waiting for what happens in the background."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

HANG_SECONDS = 30


def until(read: Callable[[], T | None]) -> T:
    """What `read` returns once that is something."""
    give_up = time.monotonic() + HANG_SECONDS
    while time.monotonic() < give_up:
        found = read()
        if found is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen")
