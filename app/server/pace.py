"""How slow a client may be, after the defaults of Apache's mod_reqtimeout."""

HEADER_SECONDS = 20.0
"""From the first byte of a request until its headers are complete."""

_WINDOW_SECONDS = 20.0
_BYTES_A_SECOND = 500


class Pace:
    """Of a body, or of an answer: 500 bytes a second at least, over any 20 seconds.

    Apache takes the average from the beginning, under which who took much at once may stop for hours.
    """

    def __init__(self, now: float, moved_bytes: int) -> None:
        self.began = now
        self._window_began = now
        self._moved_bytes = moved_bytes

    def is_too_slow(self, now: float, moved_bytes: int) -> bool:
        """Whether the client should have come further than `moved_bytes` by `now` (monotonic seconds)."""
        seconds = now - self._window_began
        if seconds < _WINDOW_SECONDS:
            return False
        is_slow = moved_bytes - self._moved_bytes < seconds * _BYTES_A_SECOND
        self._window_began, self._moved_bytes = now, moved_bytes
        return is_slow
