"""Which failures of the database pass, and what an operator is told of those that stop a start."""

from typing import Any

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    CursorNotFound,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteConcernError,
    WTimeoutError,
)

from app.domain.errors import DatabaseUnavailableError
from app.repositories.failures import as_unavailable, explain_start_failure, is_passing, only_duplicates


def bulk(write_errors: list[int], write_concern_errors: list[int]) -> BulkWriteError:
    details: dict[str, Any] = {
        "writeErrors": [{"index": 0, "code": code, "errmsg": "no"} for code in write_errors],
        "writeConcernErrors": [{"code": code, "errmsg": "no"} for code in write_concern_errors],
    }
    return BulkWriteError(details)


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("connection closed"),
        NetworkTimeout("timed out"),
        NotPrimaryError("not primary", {"code": 10107}),
        ServerSelectionTimeoutError("no primary"),
        WaitQueueTimeoutError("no connection"),
        CursorNotFound("cursor id 7 not found", 43),
        ExecutionTimeout("operation exceeded time limit", 50),
        WriteConcernError("operation was interrupted", 11602),
        WTimeoutError("waiting for replication timed out", 64),
        *(OperationFailure("no", code) for code in (50, 91, 112, 189, 262, 365, 8000, 11600, 11602)),
        OperationFailure("labelled", 1, {"errorLabels": ["RetryableWriteError"]}),
        bulk([], [64]),
        bulk([112], []),
        bulk([112, 262], [91]),
        bulk([11000, 112], []),
        bulk([11000], [64]),
    ],
    ids=repr,
)
def test_an_outage_passes(error: PyMongoError) -> None:
    assert is_passing(error)
    unavailable = as_unavailable(error)
    assert isinstance(unavailable, DatabaseUnavailableError)
    assert (unavailable.code, unavailable.retry_after) == ("database_unavailable", 5)


@pytest.mark.parametrize(
    "error",
    [
        OperationFailure("unknown operator: $sett", 9),
        OperationFailure("not authorized", 13),
        DuplicateKeyError("E11000", 11000),
        DocumentTooLarge("the document is larger than the server takes"),
        bulk([11000], []),
        bulk([112, 121], [64]),
        bulk([], []),
        ConfigurationError("no"),
        KeyError("a bug of ours"),
    ],
    ids=repr,
)
def test_a_bug_does_not(error: Exception) -> None:
    assert not is_passing(error)
    assert as_unavailable(error) is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (bulk([11000, 11000], []), True),
        (bulk([11000, 112], []), False),
        (bulk([11000], [64]), False),
        (bulk([], [64]), False),
        (bulk([], []), False),
    ],
)
def test_a_repeated_insert_is_told_from_one_that_was_not_confirmed(error: BulkWriteError, expected: bool) -> None:
    assert only_duplicates(error) is expected


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (OperationFailure("Authentication failed.", 18, {"errmsg": "Authentication failed."}), "password"),
        (OperationFailure("bad auth : authentication failed", 8000), "password"),
        (OperationFailure("not authorized on orquestradora", 13), "readWrite"),
        (OperationFailure("An existing index has the same name: name_1", 86), "name_1"),
        (OperationFailure("Index already exists with different options: key_1", 85), "key_1"),
        (OperationFailure("E11000 dup key: { email: 1 }", 11000), "unique"),
        (
            ServerSelectionTimeoutError("nohost:27017: unknown host, Timeout: 25s, <Topology…>"),
            "nohost",
        ),
        (NotPrimaryError("not primary", {"code": 10107}), "start again"),
        (ConfigurationError("The DNS query name does not exist: _mongodb._tcp.nohost."), "nohost"),
    ],
)
def test_a_start_that_cannot_work_is_explained_in_one_line(error: PyMongoError, named: str) -> None:
    line = explain_start_failure(error)

    assert named in line
    assert "\n" not in line
    assert "full error" not in line
    assert "Topology" not in line
    assert len(line) < 500


def test_an_error_of_many_lines_and_characters_becomes_one_short_line() -> None:
    line = explain_start_failure(OperationFailure("first\nsecond " + "x" * 10_000, 1))

    assert "first second" in line
    assert len(line) < 500


@pytest.mark.parametrize("code", [1, 14031])
def test_a_full_disk_of_the_database_passes(code: int) -> None:
    assert is_passing(OperationFailure("no", code))
