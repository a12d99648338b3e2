"""A moment after which a result is worth nothing."""

import time


class Deadline:
    """A moment `seconds` from now, by the clock that never jumps."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the deadline; 0 once it has passed."""
        return max(0.0, self._at - time.monotonic())

    def share(self, parts: int) -> "Deadline":
        """An earlier deadline, after one of `parts` equal parts of the time left."""
        return Deadline(self.left() / parts)

    def at_most(self, seconds: float) -> "Deadline":
        """A deadline `seconds` from now, or this one's moment if that is earlier."""
        return Deadline(min(self.left(), seconds))
