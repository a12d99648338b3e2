"""What can go wrong with one command, and at which one it does."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.fakes.replica_set.member import DropConnectionError
from tests.fakes.replica_set.replies import refusal, unconfirmed
from tests.fakes.replica_set.wire import Document

WRITES = frozenset(
    {
        "insert",
        "update",
        "delete",
        "findAndModify",
        "create",
        "createIndexes",
        "dropIndexes",
        "drop",
        "dropDatabase",
    }
)
_WITHOUT_COLLECTION = frozenset({"ping", "buildInfo", "listCollections", "dropDatabase", "listDatabases"})

_INTERRUPTED = 11602


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it came to a member."""

    member: int
    name: str
    document: Mapping[str, Any]

    @property
    def collection(self) -> str | None:
        """The collection it is about, if it is about one."""
        if self.name in _WITHOUT_COLLECTION:
            return None
        return str(self.document.get("collection", self.document[self.name]))

    def __str__(self) -> str:
        return f"{self.name} {self.collection or ''}".strip()


Execute = Callable[[], Document]
Fault = Callable[[Command, Execute], Document]
"""Called instead of executing a command; returns the reply or raises `DropConnectionError`."""


def lost_request(command: Command, execute: Execute) -> Document:
    """The connection breaks before the command is executed."""
    raise DropConnectionError


def lost_reply(command: Command, execute: Execute) -> Document:
    """The connection breaks after it was executed."""
    execute()
    raise DropConnectionError


def refused(code: int) -> Fault:
    """It is not executed, and answered with an error."""
    return lambda command, execute: refusal(code, command.document)


def before(event: Callable[[], None]) -> Fault:
    """Something happens just before the member would execute it."""

    def fault(command: Command, execute: Execute) -> Document:
        event()
        return execute()

    return fault


def after(event: Callable[[], None]) -> Fault:
    """It is executed, and something happens before the member can say so, which interrupts a write."""

    def fault(command: Command, execute: Execute) -> Document:
        reply = execute()
        event()
        return refusal(_INTERRUPTED, command.document) if command.name in WRITES else reply

    return fault


def not_confirmed(code: int = 64) -> Fault:
    """A write is made, but the majority did not confirm it; reads are what they are."""

    def fault(command: Command, execute: Execute) -> Document:
        reply = execute()
        return unconfirmed(code, command.document, reply) if command.name in WRITES and reply["ok"] else reply

    return fault


class Strike:
    """A fault for the command number `at` (from 0) of those it is `meant` for; `struck` is that command."""

    def __init__(self, at: int, fault: Fault, meant: Callable[[Command], bool]) -> None:
        self.struck: Command | None = None
        self._left = at
        self._counts = True
        self._fault = fault
        self._meant = meant
        self._lock = threading.Lock()

    def disarm(self) -> None:
        """No command fails from now on."""
        self._counts = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The commands in this block are not counted."""
        before, self._counts = self._counts, False
        yield
        self._counts = before

    def fault_for(self, command: Command) -> Fault | None:
        """The fault, if it is this command's turn."""
        with self._lock:
            if not self._counts or not self._meant(command):
                return None
            self._left -= 1
            if self._left != -1:
                return None
            self.struck = command
        return self._fault
