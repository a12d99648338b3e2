"""Every way a call can fail, in our own words: which error it is, why (for the log), and whether to try again."""

import math
import random
import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from app.domain.deadline import Deadline
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.llm.reply import NoConnectionError, UnusableReplyError
from app.net.causes import root_cause

_BUSY = {408, 429, 503, 529}
_HINTS = {401: "is LLM_API_KEY right?", 403: "may this key use it?", 404: "are its name and address right?"}
_IDENTIFIER = re.compile(r"[\w.-]{1,64}")
_LONGEST_RETRY_AFTER = 86_400
# A wait that ends at the deadline may wake a moment before it.
_WAKE_SECONDS = 0.02

_MAX_RETRIES = 2
_FIRST_DELAY_SECONDS = 0.5

# Parameters that an answer can do without, and what servers call a refusal of one of them.
_REFUSING = {400, 404, 422}
_OPTIONAL = ("temperature", "reasoning_effort", "tools", "stream_options")
_TOOLS, _LACKING = r"\b(tool|function)s?\b", r"(support|require)"
_NO_TOOLS = re.compile(f"{_TOOLS}.*{_LACKING}|{_LACKING}.*{_TOOLS}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Failure:
    """`error` is for the caller. `reason` is for the log: no text of the provider, no key, no address.

    `is_up`: whether the provider works, whatever it said (None: the failure does not tell).
    """

    error: ModelError
    reason: str
    retryable: bool
    is_up: bool | None


def explain(error: Exception, deadline: Deadline, *, is_patient: bool) -> Failure:
    """What `error`, raised by a call under `deadline`, amounts to.

    `is_patient`: the call had so much time that running out of it is the provider's fault.
    """
    if deadline.left() < _WAKE_SECONDS:
        too_late = ModelTimeoutError("The language model did not answer in time.")
        return Failure(too_late, "out of time", retryable=False, is_up=False if is_patient else None)
    if isinstance(error, UnusableReplyError):
        return Failure(_failed(), str(error), retryable=False, is_up=True)
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _explain_status(status, error)
    if isinstance(error, (NoConnectionError, OSError)):
        unreachable = ModelUnavailableError("The language model cannot be reached right now.")
        return Failure(unreachable, f"no connection ({_cause(error)})", retryable=True, is_up=False)
    return Failure(_failed(), f"not a usable response ({type(error).__name__})", retryable=False, is_up=True)


def refused_parameter(error: Exception) -> str | None:
    """The optional parameter without which the call that raised `error` may work."""
    if getattr(error, "status_code", None) not in _REFUSING:
        return None
    param = str(getattr(error, "param", None)).partition("[")[0]
    if param in _OPTIONAL:
        return param
    # Ollama, vLLM, Groq and OpenRouter say it in words of their own and name no parameter.
    words = " ".join(str(getattr(error, name, None)) for name in ("code", "type", "message"))
    return "tools" if _NO_TOOLS.search(words.replace("_", " ")) else None


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


def _explain_status(status: int, error: Exception) -> Failure:
    reason = f"HTTP {status}{_identifiers(error)}"
    if status in _BUSY:
        busy = ModelUnavailableError(
            "The language model is busy right now.", retry_after=_retry_after(getattr(error, "response", None))
        )
        return Failure(busy, reason, retryable=True, is_up=status < 500)
    hint = f"; {_HINTS[status]}" if status in _HINTS else ""
    return Failure(_failed(), f"{reason}{hint}", retryable=status >= 500, is_up=status < 500)


def _failed() -> ModelError:
    return ModelFailedError("The language model could not answer this message.")


def _identifiers(error: Exception) -> str:
    """The provider's machine-readable codes, if they look like it; its sentences may quote keys and customers."""
    values = (getattr(error, name, None) for name in ("type", "code", "param"))
    return "".join(f" {value}" for value in values if isinstance(value, str) and _IDENTIFIER.fullmatch(value))


def _cause(error: Exception) -> str:
    cause = root_cause(error)
    detail = getattr(cause, "strerror", None)
    return f"{type(cause).__name__}: {detail}" if isinstance(detail, str) else type(cause).__name__


def _retry_after(response: Any) -> int | None:
    """The header's value in seconds, which may be a number or a date (RFC 9110, 10.2.3); at most a day."""
    value = str(getattr(response, "headers", {}).get("retry-after", "")).strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except ValueError:
            return None
    if math.isnan(seconds):
        return None
    return math.ceil(min(max(seconds, 0), _LONGEST_RETRY_AFTER))
