"""Moments that were written down by a clock that may have been set back since."""

from datetime import datetime, timedelta


def is_over(until: datetime, now: datetime, longest: timedelta) -> bool:
    """Whether something that lasts until then, and never longer than `longest`, is over.

    What would last longer than it can was begun before the clock was set back; its owner is taken for dead, as
    nobody could tell for that long.
    """
    return until <= now or until > now + longest
