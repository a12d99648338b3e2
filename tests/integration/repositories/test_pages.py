"""Pages of rows, however their ids lie in time, read the one way and the other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.rows import Row
from app.embedded_database import EmbeddedDialect
from app.repositories.dialect import Dialect, MongoDialect
from app.repositories.pages import newest_first
from tests.fakes.database import scratch_database

NOW = datetime.now(UTC)
AGES = {
    "within a second": [timedelta()] * 30,
    "seconds apart": [timedelta(seconds=number) for number in range(30)],
    "days apart": [timedelta(days=number) for number in range(30)],
    "years apart": [timedelta(days=400 * number) for number in range(30)],
    "ever older": [timedelta(seconds=2**number) for number in range(30)],
    "from a clock that is ahead": [timedelta(seconds=-30 * number) for number in range(30)],
}


@pytest.fixture(scope="module")
def database(database_uri: str) -> Iterator[Database[Row]]:
    with scratch_database(database_uri) as database:
        yield database


@pytest.fixture(params=[MongoDialect(), EmbeddedDialect()], ids=["MongoDB's", "the embedded one's"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=AGES)
def filled(request: pytest.FixtureRequest, database: Database[Row]) -> Any:
    """A collection and the ids of the rows of its stream `a`, newest first."""
    rows = database[f"rows {request.param}"]
    rows.drop()
    rows.create_index([("stream", ASCENDING), ("_id", ASCENDING)])
    ids = [
        ObjectId(ObjectId.from_datetime(NOW - age).binary[:4] + number.to_bytes(8, "big"))
        for number, age in enumerate(AGES[request.param])
    ]
    rows.insert_many([{"_id": one, "stream": "a"} for one in ids])
    rows.insert_many([{"_id": ObjectId(), "stream": "b"} for _ in range(5)])
    return rows, sorted(ids, reverse=True)


def walk(dialect: Dialect, rows: Any, streams: list[Row], limit: int) -> list[ObjectId]:
    found: list[ObjectId] = []
    before: str | None = None
    while page := newest_first(dialect, rows, streams, before, limit):
        assert len(page) <= limit
        found += [row["_id"] for row in page]
        before = str(found[-1])
    return found


@pytest.mark.parametrize("limit", [1, 7, 500])
def test_a_walk_meets_every_row_once_newest_first(dialect: Dialect, filled: Any, limit: int) -> None:
    rows, ids = filled

    assert walk(dialect, rows, [{"stream": "a"}], limit) == ids


def test_streams_are_merged(dialect: Dialect, filled: Any) -> None:
    rows, ids = filled
    others = [row["_id"] for row in rows.find({"stream": "b"})]

    merged = walk(dialect, rows, [{"stream": "a"}, {"stream": "b"}], 7)

    assert merged == sorted([*ids, *others], reverse=True)


@pytest.mark.parametrize(("cursor", "expected"), [("0" * 24, 0), ("f" * 24, 30)])
def test_any_id_is_a_place_to_begin(dialect: Dialect, filled: Any, cursor: str, expected: int) -> None:
    rows, _ = filled

    assert len(newest_first(dialect, rows, [{"stream": "a"}], cursor, 99)) == expected


def test_nothing_is_found_where_nothing_is(dialect: Dialect, filled: Any) -> None:
    rows, _ = filled

    assert newest_first(dialect, rows, [{"stream": "c"}], None, 9) == []
    assert newest_first(dialect, rows, [], None, 9) == []


def test_rows_can_be_in_the_order_of_another_id_than_their_own(dialect: Dialect, filled: Any) -> None:
    rows, ids = filled
    rows.create_index([("stream", ASCENDING), ("latest", ASCENDING)])
    for own, latest in zip(ids, reversed(ids), strict=True):
        rows.update_one({"_id": own}, {"$set": {"latest": latest}})

    found: list[Row] = []
    while page := newest_first(
        dialect, rows, [{"stream": "a"}, {"stream": "b"}], before_of(found), 7, key="latest"
    ):
        found += page

    assert [row["latest"] for row in found] == ids
    assert [row["_id"] for row in found] == ids[::-1]


def test_nothing_is_older_than_the_bound(dialect: Dialect, filled: Any) -> None:
    rows, ids = filled

    found = newest_first(dialect, rows, [{"stream": "a"}], None, 99, since=str(ids[19]))

    assert [row["_id"] for row in found] == ids[:20]


def before_of(found: list[Row]) -> str | None:
    return str(found[-1]["latest"]) if found else None


def test_a_row_that_moves_into_another_stream_meanwhile_is_met_once(
    dialect: Dialect, database: Database[Row]
) -> None:
    rows, moving = database["moving"], ObjectId()
    rows.drop()
    rows.create_index([("stream", ASCENDING), ("_id", ASCENDING)])
    rows.insert_one({"_id": moving, "stream": "a"})

    class Meanwhile:
        def newest(self, *asked: Any, **how: Any) -> Iterator[Row]:
            found = list(dialect.newest(*asked, **how))
            rows.update_one({"_id": moving}, {"$set": {"stream": "b"}})
            return iter(found)

    moved: Any = Meanwhile()
    assert walk(moved, rows, [{"stream": "a"}, {"stream": "b"}], 5) == [moving]
