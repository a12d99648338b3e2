"""What members of a replica set say of themselves, and how they refuse."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bson import Int64, ObjectId, Timestamp

from tests.fakes.replica_set.topology import Topology
from tests.fakes.replica_set.wire import Document

RETRYABLE_WRITE = "RetryableWriteError"
# Those of mongod's error codes after which it labels a write as one that may be tried again.
_RETRYABLE_CODES = frozenset({6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})
_CODE_NAMES = {
    9: "FailedToParse",
    13: "Unauthorized",
    43: "CursorNotFound",
    50: "MaxTimeMSExpired",
    64: "WriteConcernTimeout",
    91: "ShutdownInProgress",
    112: "WriteConflict",
    189: "PrimarySteppedDown",
    225: "TransactionTooOld",
    262: "ExceededTimeLimit",
    365: "TemporarilyUnavailable",
    8000: "AtlasError",
    10107: "NotWritablePrimary",
    11600: "InterruptedAtShutdown",
    11602: "InterruptedDueToReplStateChange",
    13435: "NotPrimaryNoSecondaryOk",
}


def hello(topology: Topology, member: int, process_id: ObjectId, wire_version: int) -> Document:
    """How a member introduces itself."""
    is_primary = topology.primary == member
    now = datetime.now(UTC)
    reply: Document = {
        "ismaster": is_primary,
        "isWritablePrimary": is_primary,
        "secondary": not is_primary,
        "helloOk": True,
        "setName": topology.name,
        "setVersion": 1,
        "hosts": list(topology.hosts),
        "me": topology.hosts[member],
        "topologyVersion": version(topology, process_id),
        "lastWrite": {
            "opTime": {"ts": Timestamp(int(now.timestamp()), 1), "t": topology.term},
            "lastWriteDate": now,
        },
        "maxBsonObjectSize": 16 * 1024 * 1024,
        "maxMessageSizeBytes": 48_000_000,
        "maxWriteBatchSize": 100_000,
        "localTime": now,
        "logicalSessionTimeoutMinutes": 30,
        "minWireVersion": 0,
        "maxWireVersion": wire_version,
        "readOnly": False,
    }
    if topology.primary is not None:
        reply["primary"] = topology.hosts[topology.primary]
    if is_primary:
        reply["electionId"] = ObjectId(f"7fffffff{topology.term:016x}")
    return {**reply, "ok": 1.0}


def version(topology: Topology, process_id: ObjectId) -> Document:
    """By which a driver tells old news of a member from new."""
    return {"processId": process_id, "counter": Int64(topology.counter)}


def refusal(code: int, command: Mapping[str, Any], message: str | None = None) -> Document:
    """An error, with the label for writes that may be tried again."""
    name = _CODE_NAMES.get(code, f"Location{code}")
    reply: Document = {"ok": 0.0, "errmsg": message or f"{name} (simulated)", "code": code, "codeName": name}
    return reply | _labels(code, command)


def unconfirmed(code: int, command: Mapping[str, Any], reply: Document) -> Document:
    """The reply to a write that was made but not confirmed by the majority."""
    name = _CODE_NAMES.get(code, f"Location{code}")
    problem = {"code": code, "codeName": name, "errmsg": f"{name} (simulated)", "errInfo": {}}
    return {**reply, "writeConcernError": problem, **_labels(code, command)}


def _labels(code: int, command: Mapping[str, Any]) -> Document:
    return {"errorLabels": [RETRYABLE_WRITE]} if "txnNumber" in command and code in _RETRYABLE_CODES else {}
