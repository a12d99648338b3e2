"""Who is a member, who is the primary, and how that changes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

_HANG_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Topology:
    """What all members agree on; `counter` grows with each change. No primary: an election is under way."""

    name: str
    hosts: tuple[str, ...]
    primary: int | None = 0
    term: int = 1
    counter: int = 0


class Elections:
    """The topology as it is now, and how the next one comes about."""

    def __init__(self, topology: Topology) -> None:
        self._topology = topology
        self._changed = threading.Condition()
        self._timers: list[threading.Timer] = []

    @property
    def now(self) -> Topology:
        """What the members agree on."""
        return self._topology

    def dethrone(self) -> int | None:
        """Leave the set without a primary; returns the old one, or None if there was none."""
        with self._changed:
            old = self._topology.primary
            self._become(replace(self._topology, primary=None))
        return old

    def elect(self, member: int) -> None:
        """A member is the primary of a new term."""
        with self._changed:
            self._become(replace(self._topology, primary=member, term=self._topology.term + 1))

    def after(self, seconds: float, happens: Callable[[], None]) -> None:
        """Let something happen later."""
        timer = threading.Timer(seconds, happens)
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def wait_for_change(self, known: int, seconds: float) -> None:
        """Return when the topology has another counter than `known`, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._topology.counter != known, seconds)

    def wait_for_primary(self) -> None:
        """Return when there is one."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._topology.primary is not None, _HANG_SECONDS)

    def close(self) -> None:
        """Nothing happens any more; who waits for a change goes on."""
        for timer in self._timers:
            timer.cancel()
        with self._changed:
            self._become(self._topology)

    def _become(self, topology: Topology) -> None:
        self._topology = replace(topology, counter=self._topology.counter + 1)
        self._changed.notify_all()
