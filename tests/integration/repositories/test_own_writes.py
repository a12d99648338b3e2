"""What this process writes is counted, and what it has read of it is read again."""

from collections.abc import Iterator

import pytest
from pymongo.database import Database

from app.domain.ids import new_id
from app.domain.rows import Row
from app.repositories.mongo import connect
from app.repositories.own_writes import OwnWrites, ReadUntilWritten


@pytest.fixture
def writes() -> OwnWrites:
    return OwnWrites()


@pytest.fixture
def watched(database_uri: str, writes: OwnWrites) -> Iterator[Database[Row]]:
    """An empty database by a connection whose writes are counted."""
    connected = connect(database_uri, f"test_{new_id()}", listeners=[writes])
    yield connected
    connected.client.drop_database(connected.name)
    connected.client.close()


def test_each_kind_of_write_counts_and_no_reading_does(watched: Database[Row], writes: OwnWrites) -> None:
    rows = watched["things"]
    rows.insert_one({"_id": 1})
    rows.update_one({"_id": 1}, {"$set": {"a": 1}})
    rows.find_one_and_update({"_id": 1}, {"$set": {"a": 2}})
    rows.delete_many({"_id": 1})
    assert writes.count(["things"]) == 4

    assert rows.find_one({"_id": 1}) is None
    watched["others"].insert_one({"_id": 1})
    assert writes.count(["things"]) == 4
    assert writes.count(["things", "others"]) == 5


def test_what_was_read_stays_until_something_is_written(watched: Database[Row], writes: OwnWrites) -> None:
    rows, known = watched["things"], ReadUntilWritten[int](writes, ["things"])

    def read() -> int:
        return known.get("all", lambda: rows.count_documents({}))

    rows.insert_one({"_id": 1})
    assert read() == 1
    watched["others"].insert_one({"_id": 1})
    asked: list[int] = []
    assert known.get("all", lambda: asked.append(1) or 9) == 1  # type: ignore[func-returns-value]
    assert asked == []

    rows.insert_one({"_id": 2})
    assert read() == 2


def test_where_others_write_everything_is_read_each_time() -> None:
    known = ReadUntilWritten[int](None, ["things"])

    assert [known.get("all", lambda: 1), known.get("all", lambda: 2)] == [1, 2]


def test_what_is_read_beside_a_write_is_read_again(watched: Database[Row], writes: OwnWrites) -> None:
    rows, known = watched["things"], ReadUntilWritten[int](writes, ["things"])

    def read_before_a_write() -> int:
        before = rows.count_documents({})
        rows.insert_one({"_id": 1})
        return before

    assert known.get("all", read_before_a_write) == 0
    assert known.get("all", lambda: rows.count_documents({})) == 1
