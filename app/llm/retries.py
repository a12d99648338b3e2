"""When to try the same model again."""

import random

from app.llm.failures import Failure

_MAX_RETRIES = 2
_FIRST_DELAY_SECONDS = 0.5


def delay_before_retry(failure: Failure, retries: int, seconds_left: float) -> float | None:
    """Seconds to wait before the next try after `retries` retries; None: give up.

    The provider's own `Retry-After` counts, and ends the matter if it does not fit into the time left;
    otherwise exponential back-off with jitter.
    """
    if not failure.retryable or retries >= _MAX_RETRIES:
        return None
    delay: float | None = failure.error.retry_after
    if delay is None:
        delay = _FIRST_DELAY_SECONDS * 2**retries * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret
    return delay if delay < seconds_left else None
