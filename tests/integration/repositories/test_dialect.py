"""Both dialects answer alike, whichever database is asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from bson import ObjectId
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandListener, CommandStartedEvent

from app.domain.rows import Row
from app.embedded_database import EmbeddedDialect
from app.repositories.dialect import Dialect, MongoDialect
from tests.fakes.database import scratch_database


@pytest.fixture(scope="module")
def database(database_uri: str) -> Iterator[Database[Row]]:
    with scratch_database(database_uri) as database:
        yield database


@pytest.fixture(params=[MongoDialect(), EmbeddedDialect()], ids=["MongoDB's", "the embedded one's"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def row_id(database: Database[Row]) -> Any:
    return database["changed"].insert_one({"state": "open", "count": 1}).inserted_id


def test_the_changed_row_comes_back(database: Database[Row], dialect: Dialect, row_id: ObjectId) -> None:
    found = dialect.update_and_read(database["changed"], row_id, {"state": "open"}, {"$inc": {"count": 1}})

    assert found == {"_id": row_id, "state": "open", "count": 2}


def test_a_row_that_does_not_meet_the_condition_stays(
    database: Database[Row], dialect: Dialect, row_id: ObjectId
) -> None:
    rows = database["changed"]

    assert dialect.update_and_read(rows, row_id, {"state": "shut"}, {"$inc": {"count": 1}}) is None
    assert dialect.update_and_read(rows, ObjectId(), {}, {"$inc": {"count": 1}}) is None
    assert rows.find_one({"_id": row_id}) == {"_id": row_id, "state": "open", "count": 1}


def test_mongodb_is_asked_once_for_a_page(database_uri: str) -> None:
    """However few rows there are: twelve round trips took half a second on a network of 20 ms."""
    log = _Commands()
    with MongoClient[Row](database_uri, event_listeners=[log]) as client:
        rows = client["test"]["empty"]
        page = MongoDialect().newest(
            rows, {"owner": 1}, key="_id", since=None, before=None, limit=50, projection=None
        )

        assert list(page) == []
    assert [(name, command.get("limit"), command.get("sort")) for name, command in log.seen] == [
        ("find", 50, {"_id": -1})
    ]


class _Commands(CommandListener):
    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "find":
            self.seen.append((event.command_name, dict(event.command)))

    def succeeded(self, event: object) -> None:
        """Not asked for."""

    def failed(self, event: object) -> None:
        """Not asked for."""


def test_an_update_under_a_condition_removes_fields(
    database: Database[Row], dialect: Dialect, row_id: ObjectId
) -> None:
    rows = database["changed"]

    refused = dialect.update_if(rows, row_id, {"state": "shut"}, {"price": 2}, ("count",))
    done = dialect.update_if(rows, row_id, {"state": "open"}, {"state": "shut"}, ("count", "missing"))

    assert (refused, done) == (False, True)
    assert rows.find_one({"_id": row_id}) == {"_id": row_id, "state": "shut"}
