"""Failures that pass by themselves, in the log: a line a minute for each place, and no tracebacks."""

import logging
import threading
import time
from collections.abc import Callable

_SECONDS = 60.0
_LONGEST = 300


class OutageFilter(logging.Filter):
    """Shortens what is logged of an outage, which comes by the thousand, to one line a minute for each place.

    A place is a logger and a sentence. `is_outage` tells such an error from a bug, whose records are left alone.
    """

    def __init__(self, is_outage: Callable[[BaseException], bool]) -> None:
        super().__init__()
        self._is_outage = is_outage
        self._lock = threading.Lock()
        self._logged: dict[tuple[str, str], float] = {}
        self._left_out: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log this; without its traceback if it is of an outage."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None or not self._is_outage(error):
            return True
        left_out = self._left_out_since((record.name, str(record.msg)))
        if left_out is None:
            return False
        more = f" ({left_out} more like this in the last minute)" if left_out else ""
        sentence = record.getMessage()
        why = "" if str(error) and str(error) in sentence else f": {_said(error)}"
        record.msg, record.args = f"{sentence}{why}{more}", ()
        record.exc_info = record.exc_text = None
        return True

    def _left_out_since(self, place: tuple[str, str]) -> int | None:
        """How many lines were left out at this place; None if this is another one."""
        now = time.monotonic()
        with self._lock:
            if now - self._logged.get(place, -_SECONDS) < _SECONDS:
                self._left_out[place] = self._left_out.get(place, 0) + 1
                return None
            self._logged[place] = now
            return self._left_out.pop(place, 0)


def _said(error: BaseException) -> str:
    """What the error says, in one line; not the driver's copy of the whole reply."""
    said = " ".join(str(error).partition(", full error: ")[0].split())
    return f"{type(error).__name__}: {said[:_LONGEST]}".rstrip(": ")
