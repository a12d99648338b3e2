"""How the members answer commands: by their role, once, and as the faults will have it."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from bson import ObjectId

from tests.fakes.replica_set import replies
from tests.fakes.replica_set.faults import WRITES, Command, Strike
from tests.fakes.replica_set.oplog import Oplog
from tests.fakes.replica_set.sessions import RetryableWrites
from tests.fakes.replica_set.store import StoreConnection
from tests.fakes.replica_set.topology import Elections
from tests.fakes.replica_set.wire import Document

_READS = frozenset({"find", "aggregate", "count", "distinct", "listIndexes", "listCollections", "explain"})
# A cursor lives on the member that opened it, whatever becomes of that.
_READS_OF_ANY_ROLE = frozenset({"getMore"})
# Neither logged nor struck: drivers send them when they like.
_BESIDES = frozenset({"endSessions", "killCursors"})
_NOT_WRITABLE_PRIMARY, _NOT_PRIMARY_NO_SECONDARY_OK = 10107, 13435
_OF_SESSIONS = frozenset(
    {"lsid", "txnNumber", "$clusterTime", "$readPreference", "readConcern", "writeConcern", "apiVersion"}
)
_LONGEST_LOG = 5000


class Commands:
    """Executes commands on the one store; what it does not know, the store answers as mongod does."""

    def __init__(self, elections: Elections, oplog: Oplog, process_id: ObjectId) -> None:
        self.log: deque[Command] = deque(maxlen=_LONGEST_LOG)
        self.strikes: list[Strike] = []
        self._elections = elections
        self._oplog = oplog
        self._process_id = process_id
        self._writes = RetryableWrites()

    def answer(self, member: int, document: Document, store: StoreConnection) -> Document:
        """The reply of a member; raises `DropConnectionError`."""
        command = Command(member, next(iter(document)), document)
        if command.name in _BESIDES:
            return {"ok": 1.0}
        self.log.append(command)
        struck = [fault for strike in list(self.strikes) if (fault := strike.fault_for(command))]

        def execute() -> Document:
            return self._execute(command, store)

        return struck[0](command, execute) if struck else execute()

    def _execute(self, command: Command, store: StoreConnection) -> Document:
        is_primary = self._elections.now.primary == command.member
        document = {name: value for name, value in command.document.items() if name not in _OF_SESSIONS}
        if command.name in WRITES:
            if not is_primary:
                return self._not_primary(_NOT_WRITABLE_PRIMARY, command)
            return self._writes.once(
                command.document, lambda: self._oplog.write(document, lambda: store.call(document))
            )
        if is_primary or command.name not in _READS | _READS_OF_ANY_ROLE:
            return store.call(document)
        if command.name in _READS and _wants_primary(command.document):
            return self._not_primary(_NOT_PRIMARY_NO_SECONDARY_OK, command)
        return self._oplog.read(document, store.call)

    def _not_primary(self, code: int, command: Command) -> Document:
        version = replies.version(self._elections.now, self._process_id)
        return {**replies.refusal(code, command.document), "topologyVersion": version}


def _wants_primary(document: Mapping[str, Any]) -> bool:
    return bool(document.get("$readPreference", {}).get("mode", "primary") == "primary")
