"""Processes that die, or lose their database, at any of their calls."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any


class Killed(BaseException):
    """What kill -9 is to the code: nothing of it runs any more."""


class Fate:
    """Raises `error` at the database call number `at`, before it or after it took effect."""

    def __init__(self, at: int, error: type[BaseException], *, after: bool) -> None:
        self.struck_at: str | None = None
        self._left, self._error, self._after = at, error, after

    def passes(self) -> None:
        """From now on every call is made."""
        self._left = -1

    def over(self, repository: object) -> Any:
        """The repository, subject to it."""
        return _Mortal(repository, self)

    def call(self, name: str, method: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Make the call if fate lets it."""
        strikes, self._left = self._left == 0, self._left - 1
        if strikes:
            self.struck_at = name
            if self._after:
                method(*args, **options)
            raise self._error("the end")
        return method(*args, **options)


class _Mortal:
    def __init__(self, repository: object, fate: Fate) -> None:
        self._repository, self._fate = repository, fate

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._repository, name)
        return lambda *args, **options: self._fate.call(name, method, *args, **options)


def fates(error: type[BaseException], *, after: bool) -> Iterator[Fate]:
    """One for each call, until one strikes nothing."""
    for at in count():
        fate = Fate(at, error, after=after)
        yield fate
        if fate.struck_at is None:
            assert at > 2, "no call was struck"
            return
