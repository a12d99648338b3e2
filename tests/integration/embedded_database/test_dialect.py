"""The embedded database reads few rows for a page, however many there are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.rows import Row
from app.embedded_database import EmbeddedDialect
from app.repositories.pages import newest_first
from tests.fakes.database import scratch_database


@pytest.fixture(scope="module")
def database(database_uri: str) -> Iterator[Database[Row]]:
    with scratch_database(database_uri) as database:
        yield database


def test_a_page_costs_no_more_among_more_rows(database: Database[Row]) -> None:
    """Counted in rows that the database says it examines, for pages at the start and deep inside."""
    rows = database["growing"]
    rows.create_index([("stream", ASCENDING), ("_id", ASCENDING)])
    now = datetime.now(UTC)
    examined: list[int] = []
    for size in (500, 4000):
        have = rows.count_documents({})
        ages = [timedelta(seconds=number) for number in range(have, size)]
        rows.insert_many([{"_id": ObjectId.from_datetime(now - age), "stream": "a"} for age in ages])
        middle = str(ObjectId.from_datetime(now - timedelta(seconds=size // 2)))
        examined.append(max(rows_examined(rows, before) for before in (None, middle)))

    assert examined[1] <= examined[0] * 2


def rows_examined(rows: Any, before: str | None) -> int:
    """How many rows are examined for a page of ten."""
    counting = Counting(rows)
    assert len(newest_first(EmbeddedDialect(), counting, [{"stream": "a"}], before, 10)) == 10  # type: ignore[arg-type]
    return counting.examined


def test_a_page_of_chats_costs_no_more_in_a_longer_conversation(database: Database[Row]) -> None:
    chats, conversation_id, now = database["chatting"], ObjectId(), datetime.now(UTC)
    chats.create_index([("conversation_id", ASCENDING), ("_id", ASCENDING)])
    ids = [ObjectId.from_datetime(now - timedelta(minutes=10 * number)) for number in range(3000)]
    chats.insert_many([{"_id": one, "conversation_id": conversation_id} for one in ids])

    for before, newest in ((None, 0), (ids[1000], 1001)):
        counting = Counting(chats)
        page = EmbeddedDialect().newest_chats(counting, [(conversation_id, ids[0])], before, 20)  # type: ignore[arg-type]

        assert [row["_id"] for row in page] == ids[newest : newest + 20]
        assert counting.examined < 300


def test_an_update_is_made_if_its_condition_holds_and_only_then(database: Database[Row]) -> None:
    rows, dialect = database["changing"], EmbeddedDialect()
    now, row_id = datetime.now(UTC), ObjectId()
    rows.insert_one({"_id": row_id, "state": "waiting", "until": now, "epoch": 2, "price": "R$ 5"})
    values = {"state": "done", "until": None, "price": "$state"}

    for refused in ({"state": "done"}, {"until": {"$gt": now}}, {"state": "waiting", "epoch": {"$lte": 1}}):
        assert not dialect.update_if(rows, row_id, refused, values)
    met = {"state": "waiting", "until": {"$gt": now - timedelta(seconds=1)}, "epoch": {"$lte": 2}}
    assert [dialect.update_if(rows, row_id, met, values) for _ in range(2)] == [True, False]
    assert not dialect.update_if(rows, ObjectId(), met, values)

    assert rows.find_one({"_id": row_id}) == {"_id": row_id, "epoch": 2, **values}


def test_rows_expire_without_an_index_that_the_server_reads_everything_for(database: Database[Row]) -> None:
    rows, dialect, now = database["expiring"], EmbeddedDialect(), datetime.now(UTC)
    rows.create_index([("until", ASCENDING)], expireAfterSeconds=60)  # as it was once
    rows.insert_many([{"_id": age, "until": now - timedelta(seconds=age)} for age in (59, 61)])

    dialect.expire(rows, "until", 60)
    dialect.delete_expired(now)

    assert [row["_id"] for row in rows.find()] == [59]
    assert "expireAfterSeconds" not in rows.index_information()["until_1"]


class Counting:
    """A collection that has every query explained before it is run."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows
        self.examined = 0

    def find(self, wanted: Row, projection: Row | None = None) -> Any:
        explained = self._rows.find(wanted, projection).sort("_id", -1).limit(10).explain()
        self.examined += explained["executionStats"]["totalDocsExamined"]
        return self._rows.find(wanted, projection)
