"""When a delivery is tried again."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.webhooks import RETRY_DELAYS, Delivery

_JITTER = 0.1
_LONGEST_WISH = timedelta(hours=24)
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)

Random = Callable[[], float]
"""A number from 0 to 1, excluding 1."""


def next_attempt(
    delivery: Delivery,
    now: datetime,
    retry_after: float | None = None,
    chance: Random = random.random,
) -> datetime | None:
    """When to try again after the attempt that `delivery` counts failed; None if that was the last one.

    The schedule of Standard Webhooks, each delay up to a tenth shorter or longer, so that what failed together does
    not come together again. A receiver that wants to be left alone for `retry_after` seconds is, for a day at most.
    """
    if delivery.attempts > len(RETRY_DELAYS):
        return None
    delay = RETRY_DELAYS[max(0, delivery.attempts - 1)] * (1 + _JITTER * (2 * chance() - 1))
    if retry_after is not None:
        delay = max(delay, min(timedelta(seconds=retry_after), _LONGEST_WISH))
    at = now + delay
    return None if delivery.until is not None and at > delivery.until else at


def pause_after(failures: int, now: datetime) -> datetime:
    """Until when all deliveries of a webhook wait after so many attempts in a row failed: five minutes at most."""
    return now + min(_FIRST_PAUSE * (1 << 2 * min(failures - 1, 9)), _LONGEST_PAUSE)
