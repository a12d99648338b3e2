"""A replica set whose primary can be lost and elected; all members are in front of one embedded database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from bson import ObjectId

from tests.fakes.replica_set import replies
from tests.fakes.replica_set.commands import Commands
from tests.fakes.replica_set.faults import Command, Fault, Strike
from tests.fakes.replica_set.member import Conversation, Member
from tests.fakes.replica_set.oplog import Oplog
from tests.fakes.replica_set.store import StoreConnection, running_store
from tests.fakes.replica_set.topology import Elections, Topology
from tests.fakes.replica_set.wire import Document

_HELLO = frozenset({"hello", "ismaster", "isMaster"})


class ReplicaSet:
    """Members that answer, elect, fail as they are told, and log the commands they get.

    `wire_version` tells drivers which MongoDB this is: 17, 21, 25 for 6, 7, 8. Secondaries are `lag` seconds late.
    """

    def __init__(self, port: int, *, size: int = 3, lag: float = 0.0, wire_version: int = 21) -> None:
        self._port = port
        self._wire_version = wire_version
        self._process_id = ObjectId()
        self._members = [Member(self._beginner(index)) for index in range(size)]
        self._elections = Elections(Topology("rs0", tuple(member.address for member in self._members)))
        self._oplog = Oplog(port, lag)
        self._commands = Commands(self._elections, self._oplog, self._process_id)

    @property
    def uri(self) -> str:
        """What a driver connects to."""
        return f"mongodb://{','.join(self.topology.hosts)}/?replicaSet={self.topology.name}"

    @property
    def topology(self) -> Topology:
        """What the members agree on now."""
        return self._elections.now

    @property
    def log(self) -> list[Command]:
        """The latest commands, oldest first; without `hello` and what drivers send when they like."""
        return list(self._commands.log)

    def step_down(self, seconds: float = 0.1) -> None:
        """The primary becomes a secondary; after so many seconds another member is elected."""
        self._replace_primary(seconds, lambda old: None)

    def crash(self, seconds: float = 0.1) -> None:
        """The primary's process dies; another is elected, and the dead one comes back as a secondary."""
        if (old := self._replace_primary(seconds, Member.stop)) is not None:
            self._elections.after(seconds, old.start)

    def lose_primary(self, seconds: float = 0.1) -> None:
        """The primary answers nobody any more, without a word; another is elected. `heal` ends it."""
        self._replace_primary(seconds, Member.fall_silent)

    def heal(self) -> None:
        """All members can be reached again."""
        for member in self._members:
            member.speak()

    def wait_for_primary(self) -> None:
        """Return when there is one."""
        self._elections.wait_for_primary()

    @contextmanager
    def strike(self, at: int, fault: Fault, meant: Callable[[Command], bool] = lambda _: True) -> Iterator[Strike]:
        """In this block the command number `at` (from 0) of those that are `meant` fails."""
        strike = Strike(at, fault, meant)
        self._commands.strikes.append(strike)
        try:
            yield strike
        finally:
            self._commands.strikes.remove(strike)

    def at_each_command(
        self, fault: Fault, meant: Callable[[Command], bool] = lambda _: True, *, step: int = 1
    ) -> Iterator[Strike]:
        """The fault at the first command, then at the second…, until it strikes none; each with a primary.

        Fewer of them with a larger `step`.
        """
        for number in count(step=step):
            self.wait_for_primary()
            with self.strike(number, fault, meant) as strike:
                yield strike
            if strike.struck is None:
                assert number, "no command came"
                return

    def close(self) -> None:
        """End all members."""
        for member in self._members:
            member.stop()
            member.speak()
        self._elections.close()
        self._oplog.close()

    def _replace_primary(self, seconds: float, befalls: Callable[[Member], None]) -> Member | None:
        old = self._elections.dethrone()
        if old is None:
            return None
        befalls(self._members[old])
        following = (old + 1) % len(self._members)
        self._elections.after(seconds, lambda: self._elections.elect(following))
        return self._members[old]

    def _beginner(self, member: int) -> Callable[[], Conversation]:
        return lambda: _Conversation(
            self._elections,
            lambda: replies.hello(self.topology, member, self._process_id, self._wire_version),
            lambda command, store: self._commands.answer(member, command, store),
            StoreConnection(self._port),
        )


class _Conversation:
    """What a member of a set says on one connection."""

    def __init__(
        self,
        elections: Elections,
        hello: Callable[[], Document],
        answer: Callable[[Document, StoreConnection], Document],
        store: StoreConnection,
    ) -> None:
        self._elections = elections
        self._hello = hello
        self._answer = answer
        self._store = store

    def answer(self, command: Document) -> Document:
        if next(iter(command)) not in _HELLO:
            return self._answer(command, self._store)
        return self.news(command)

    def news(self, command: Document) -> Document:
        if "topologyVersion" in command:
            known, seconds = command["topologyVersion"]["counter"], command["maxAwaitTimeMS"] / 1000
            self._elections.wait_for_change(known, seconds)
        return self._hello()

    def close(self) -> None:
        self._store.close()


@contextmanager
def running_replica_set(*, size: int = 3, lag: float = 0.0, wire_version: int = 21) -> Iterator[ReplicaSet]:
    """A replica set on an empty database of its own."""
    with running_store() as port:
        members = ReplicaSet(port, size=size, lag=lag, wire_version=wire_version)
        try:
            yield members
        finally:
            members.close()
