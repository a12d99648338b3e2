"""What a failure of the database means: whether it passes by itself, and what an operator is told at a start."""

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    CursorNotFound,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from app.domain.errors import DatabaseUnavailableError

DUPLICATE_KEY = 11000

# Codes from MongoDB's src/mongo/base/error_codes.yml.
_NO_PRIMARY = frozenset({91, 189, 10058, 10107, 11600, 11602, 13435, 13436})
_NETWORK = frozenset({6, 7, 89, 133, 134, 202, 279, 9001})
# Time limits, lock and write conflicts, killed operations, overload (Atlas 8000, Azure's Cosmos DB 16500).
_LOAD = frozenset({24, 46, 50, 64, 112, 175, 237, 262, 365, 8000, 11601, 16500})
# No space left on its disk: MongoDB, and the embedded database, which says "internal error" until it starts again.
_DISK = frozenset({1, 14031})
_PASSING = _NO_PRIMARY | _NETWORK | _LOAD | _DISK
_PASSING_LABELS = ("RetryableWriteError", "TransientTransactionError", "RetryableError", "SystemOverloadedError")

_AT_START = {
    13: "MONGODB_URI: the user has no right to do this; give it the role readWrite.",
    18: "MONGODB_URI: the database refuses the user name or password.",
    8000: "MONGODB_URI: the database refuses the user name or password.",
    85: "An index in the database is not the one that is needed; drop it and start again.",
    86: "An index in the database is not the one that is needed; drop it and start again.",
    DUPLICATE_KEY: "An index that must be unique cannot be made; remove one of the rows that are the same.",
}


def is_passing(error: BaseException) -> bool:
    """Whether the database failed for a reason that passes without anybody's doing: an outage, not a bug.

    A write that failed so may have been executed.
    """
    if isinstance(error, BulkWriteError):
        return _is_passing_bulk(error)
    if isinstance(error, ConnectionFailure | CursorNotFound | WriteConcernError):
        return True
    if not isinstance(error, OperationFailure):
        return False
    return error.code in _PASSING or any(map(error.has_error_label, _PASSING_LABELS))


def as_unavailable(error: Exception) -> DatabaseUnavailableError | None:
    """What a caller is told of an outage; None for every other error."""
    return DatabaseUnavailableError() if is_passing(error) else None


def only_duplicates(error: BulkWriteError) -> bool:
    """Whether all that went wrong with an unordered insert is that rows were there already."""
    return not _codes(error, "writeConcernErrors") and _codes(error, "writeErrors") == {DUPLICATE_KEY}


def explain_start_failure(error: PyMongoError) -> str:
    """Why a start cannot work with this database, and what to do, in one line without credentials."""
    code = error.code if isinstance(error, OperationFailure) else None
    if code in _AT_START:
        sentence = _AT_START[code]
    elif isinstance(error, ServerSelectionTimeoutError):
        sentence = "MONGODB_URI: no primary can be reached."
    elif is_passing(error):
        sentence = "MONGODB_URI: the database is not available right now; start again."
    else:
        sentence = f"MONGODB_URI: the database cannot be used ({type(error).__name__})."
    return f"{sentence} {_said(error)}"


def _is_passing_bulk(error: BulkWriteError) -> bool:
    """Rows that were there already do not fail when the write is made again."""
    failed, unconfirmed = _codes(error, "writeErrors") - {DUPLICATE_KEY}, _codes(error, "writeConcernErrors")
    return failed <= _PASSING and bool(failed or unconfirmed)


def _codes(error: BulkWriteError, kind: str) -> set[int]:
    return {one.get("code", 0) for one in (error.details or {}).get(kind, ())}


def _said(error: PyMongoError) -> str:
    """What the driver or the server said, without the description of the topology or the whole reply."""
    said = str(error)
    for more in (", Timeout: ", ", full error: "):
        said = said.partition(more)[0]
    return f"({' '.join(said.split())[:300]})"
