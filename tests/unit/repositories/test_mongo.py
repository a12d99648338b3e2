"""Writes that are made again."""

from collections.abc import Iterator

import pytest
from pymongo.errors import (
    AutoReconnect,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
)

from app.repositories import mongo
from app.repositories.mongo import repeated


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "_FIRST_PAUSE_SECONDS", 0.0)


class Write:
    """Fails as it is told, then returns the number of the attempt."""

    def __init__(self, *errors: PyMongoError) -> None:
        self.attempts = 0
        self._errors: Iterator[PyMongoError] = iter(errors)

    def __call__(self) -> int:
        self.attempts += 1
        for error in self._errors:
            raise error
        return self.attempts


@pytest.mark.parametrize("failures", range(4))
def test_a_write_is_made_again_until_it_succeeds(failures: int) -> None:
    assert repeated(Write(*[AutoReconnect("not primary")] * failures)) == failures + 1


def test_the_fourth_failure_is_raised() -> None:
    write = Write(*[AutoReconnect("not primary")] * 9)

    with pytest.raises(AutoReconnect):
        repeated(write)

    assert write.attempts == 4


@pytest.mark.parametrize(
    "error",
    [
        OperationFailure("unknown operator: $sett", 9),
        ServerSelectionTimeoutError("no primary for 25 s"),
        WaitQueueTimeoutError("no connection for 20 s"),
    ],
)
def test_neither_a_bug_nor_a_long_wait_is_repeated(error: PyMongoError) -> None:
    write = Write(error)

    with pytest.raises(type(error)):
        repeated(write)

    assert write.attempts == 1


def test_no_attempt_begins_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "_REPEAT_SECONDS", -1.0)
    write = Write(AutoReconnect("not primary"))

    with pytest.raises(AutoReconnect):
        repeated(write)

    assert write.attempts == 1
