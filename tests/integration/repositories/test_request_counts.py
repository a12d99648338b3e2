"""The collection `request_counts`."""

import time

import pytest

from app.domain.errors import UnavailableError
from app.domain.ids import new_id
from app.domain.rate_limits import Bucket, Counts
from app.repositories.dialect import MongoDialect
from app.repositories.mongo import connect
from app.repositories.request_counts import RequestCountRepository
from app.wiring.repositories import Repositories
from tests.e2e.service import free_port
from tests.integration.query_plans import stages
from tests.integration.rows import World

pytestmark = pytest.mark.not_mongomock("Its bulk writes know no `sort`, which pymongo gives.")

NOW = 1_800_000_000.0


def counts(key: str, *requests: int) -> Counts:
    return Counts(key, [Bucket(NOW + 5 * place, number) for place, number in enumerate(requests)], NOW + 60)


def test_a_process_sees_what_the_others_stored(world: World, rows: Repositories) -> None:
    key, other_key = new_id(), new_id()
    another, third = (RequestCountRepository(world.database, MongoDialect()) for _ in range(2))
    another.exchange([counts(key, 1, 2), counts(other_key, 9)], 5)
    third.exchange([counts(key, 4)], 5)

    seen = rows.request_counts.exchange([counts(key, 7)], 5)

    assert {one: sorted(buckets) for one, buckets in seen.items()} == {
        key: [Bucket(NOW, 1), Bucket(NOW, 4), Bucket(NOW + 5, 2)]
    }


def test_what_it_stores_replaces_what_it_stored_before(world: World, rows: Repositories) -> None:
    key, another = new_id(), RequestCountRepository(world.database, MongoDialect())
    for requests in (1, 2, 3):
        another.exchange([counts(key, requests)], 5)

    assert rows.request_counts.exchange([counts(key)], 5) == {key: [Bucket(NOW, 3)]}


def test_many_at_once(world: World, rows: Repositories) -> None:
    keys, another = [new_id() for _ in range(1200)], RequestCountRepository(world.database, MongoDialect())
    another.exchange([counts(key, 1) for key in keys], 30)

    seen = rows.request_counts.exchange([counts(key) for key in keys], 30)

    assert seen == {key: [Bucket(NOW, 1)] for key in keys}


def test_an_index_finds_a_key(world: World) -> None:
    plan = world.database["request_counts"].find({"key": {"$in": [new_id()]}}).explain()

    assert "COLLSCAN" not in stages(plan)


def test_a_database_that_is_away_holds_nobody_up() -> None:
    away = RequestCountRepository(connect(f"mongodb://127.0.0.1:{free_port()}"), MongoDialect())
    began = time.monotonic()

    with pytest.raises(UnavailableError):
        away.exchange([counts(new_id(), 1)], 0.2)

    assert time.monotonic() - began < 10  # and not the 25 s of other commands
