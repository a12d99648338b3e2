"""The memory of retryable writes: what was executed once is answered from memory when it comes again."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.fakes.replica_set.replies import refusal
from tests.fakes.replica_set.wire import Document

_TRANSACTION_TOO_OLD = 225
_MOST_SESSIONS = 10_000


@dataclass
class _Session:
    number: int = -1
    reply: Document | None = None
    lock: Lock = field(default_factory=Lock)


class RetryableWrites:
    """One memory for all members, as if everything were replicated at once."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()
        self._lock = Lock()

    def once(self, command: Mapping[str, Any], execute: Callable[[], Document]) -> Document:
        """Execute a write, unless it was: a session remembers its last one (`lsid`, `txnNumber`)."""
        if "txnNumber" not in command:
            return execute()
        session, number = self._session(bytes(command["lsid"]["id"])), command["txnNumber"]
        with session.lock:
            if number < session.number:
                return refusal(_TRANSACTION_TOO_OLD, {})
            if number == session.number and session.reply is not None:
                return {**session.reply, "retriedStmtIds": [0]}
            session.number, session.reply = number, None
            reply = execute()
            if reply["ok"]:
                session.reply = reply
            return reply

    def _session(self, session_id: bytes) -> _Session:
        with self._lock:
            session = self._sessions.setdefault(session_id, _Session())
            self._sessions.move_to_end(session_id)
            if len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
            return session
