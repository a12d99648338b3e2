"""What signing in needs, in memory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class FakeAttempts:
    """Counters without windows."""

    counts: dict[str, int] = field(default_factory=dict)

    def count(self, key: str, now: datetime, window: timedelta) -> tuple[int, datetime]:
        self.counts[key] = self.counts.get(key, 0) + 1
        return self.counts[key], now + window

    def take_back(self, key: str) -> None:
        self.counts[key] = max(0, self.counts.get(key, 0) - 1)

    def forget(self, key: str) -> None:
        self.counts.pop(key, None)


@dataclass
class FakeUsualAddresses:
    """Remembered keys, each with the time until which it is, and whose it is."""

    keys: dict[str, tuple[datetime, str | None]] = field(default_factory=dict)

    def among(self, keys: Collection[str], now: datetime) -> set[str]:
        return {key for key in keys if key in self.keys and self.keys[key][0] > now}

    def remember(self, key: str, until: datetime, user_id: str | None = None) -> None:
        self.keys[key] = (until, user_id)

    def forget_user(self, user_id: str) -> None:
        self.keys = {key: value for key, value in self.keys.items() if value[1] != user_id}


class PlainPasswords:
    """Passwords that are their own hashes; keeps what was verified against what."""

    def __init__(self) -> None:
        self.verified: list[tuple[str, str | None]] = []

    def hash(self, password: str) -> str:
        return password

    def verify(self, password: str, hashed: str | None) -> bool:
        self.verified.append((password, hashed))
        return password == hashed
