"""Traces: which steps a request takes, and how long each lasts. Spans never hold texts or phone numbers."""

from contextlib import AbstractContextManager
from typing import Protocol

Attribute = str | int | float | bool


class Span(Protocol):
    """A step under way."""

    def set(self, name: str, value: Attribute) -> None:
        """Say something about it; names are those of OpenTelemetry's semantic conventions where these have one."""
        ...

    def fail(self, kind: str) -> None:
        """It failed; `kind` is an error's code or class, never its message."""
        ...

    def end(self) -> None:
        """It is over; what comes after this call is a step of what it was a step of."""
        ...


class Tracing(Protocol):
    """Makes spans. Each is a step of the span that this thread is in."""

    def request(self, name: str) -> Span:
        """A request, with which a trace begins: this thread is in it until it ends."""
        ...

    def step(self, name: str) -> AbstractContextManager[Span]:
        """A step that this thread is in for the time of the block; an error that leaves the block fails it."""
        ...

    def begin(self, name: str) -> Span:
        """A step that this thread is not in, so that others may come and go until it ends."""
        ...
