"""What holds for the messages of an assistant."""

import time
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.assistants import AssistantSettings

_MARGIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class MessageRules:
    """How long a message may be and its answer may take, how many earlier turns the model sees,
    how long to wait for more messages (0: not at all) and at most, after how many hours without a word
    from a person the assistant answers again (0: never).
    """

    characters: int
    timeout_seconds: float
    history_turns: int
    burst_quiet_seconds: float = 0
    burst_max_seconds: float = 20
    auto_reactivate_hours: float = 0

    def of(self, settings: AssistantSettings) -> "MessageRules":
        """These rules, with what an assistant has of its own."""
        names = ("history_turns", "burst_quiet_seconds", "auto_reactivate_hours")
        own = {name: getattr(settings, name) for name in names}
        return replace(self, **{name: value for name, value in own.items() if value is not None})

    @property
    def longest(self) -> timedelta:
        """After so long nobody works on a message any more."""
        return timedelta(seconds=self.timeout_seconds + self.burst_max_seconds) + _MARGIN


class TimeLimit:
    """A moment `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then, 0 after it."""
        return max(0.0, self._at - time.monotonic())
