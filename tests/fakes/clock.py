"""A clock that can be put forward."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Called, it tells the time; `offset` moves it away from the real one."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def advance(self, **duration: float) -> None:
        """Let time pass; takes what `timedelta` takes."""
        self.offset += timedelta(**duration)
