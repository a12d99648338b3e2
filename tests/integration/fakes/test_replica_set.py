"""The replica set that stands in for MongoDB's does what drivers and mongod's documentation expect."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bson import Int64
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import (
    AutoReconnect,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from app.domain.ids import new_id
from tests.api.crowd import wait_until
from tests.fakes.replica_set import Fault, ReplicaSet, faults, running_replica_set

Row = dict[str, Any]
FASTER = "&serverSelectionTimeoutMS=5000&socketTimeoutMS=700"


@pytest.fixture(scope="module")
def members() -> Iterator[ReplicaSet]:
    with running_replica_set() as members:
        yield members


@pytest.fixture(scope="module")
def client(members: ReplicaSet) -> Iterator[MongoClient[Row]]:
    with MongoClient[Row](members.uri + FASTER) as client:
        yield client


@pytest.fixture
def rows(members: ReplicaSet, client: MongoClient[Row]) -> Collection[Row]:
    """An empty collection."""
    members.wait_for_primary()
    return client["test"][new_id()]


def test_a_driver_finds_its_members(members: ReplicaSet, client: MongoClient[Row], rows: Collection[Row]) -> None:
    rows.insert_one({"_id": 1})

    wait_until(lambda: len(client.nodes) == 3 and len(client.secondaries) == 2)
    assert client.primary == client.address
    assert rows.find_one() == {"_id": 1}


def test_a_step_down_ends_in_another_term(
    members: ReplicaSet, client: MongoClient[Row], rows: Collection[Row]
) -> None:
    before = members.topology
    members.step_down(0.2)
    assert members.topology.primary is None

    rows.insert_one({"_id": 1})

    assert members.topology.primary != before.primary
    assert members.topology.term == before.term + 1


PASSING: dict[str, Callable[[ReplicaSet], Fault]] = {
    "step-down": lambda members: faults.before(members.step_down),
    "step-down after execution": lambda members: faults.after(members.step_down),
    "crash": lambda members: faults.before(members.crash),
    "lost request": lambda members: faults.lost_request,
    "lost reply": lambda members: faults.lost_reply,
    "time limit": lambda members: faults.refused(262),
    "silence": lambda members: faults.before(members.lose_primary),
}


@pytest.fixture(params=PASSING)
def passing(request: pytest.FixtureRequest, members: ReplicaSet) -> Iterator[Fault]:
    """A fault that a driver's one retry cures."""
    yield PASSING[request.param](members)
    members.wait_for_primary()
    members.heal()


def test_a_retryable_write_is_executed_once(members: ReplicaSet, rows: Collection[Row], passing: Fault) -> None:
    rows.insert_one({"_id": 1, "n": 0})

    with members.strike(0, passing, lambda command: command.name == "update") as strike:
        result = rows.update_one({"_id": 1}, {"$inc": {"n": 1}})

    assert strike.struck is not None
    assert str(strike.struck) == f"update {rows.name}"
    assert (result.matched_count, rows.find_one()) == (1, {"_id": 1, "n": 1})


def test_a_read_is_retried(members: ReplicaSet, rows: Collection[Row], passing: Fault) -> None:
    rows.insert_one({"_id": 1})

    with members.strike(0, passing, lambda command: command.name == "find"):
        assert rows.find_one() == {"_id": 1}


def test_a_write_to_many_is_not_retried_by_the_driver(members: ReplicaSet, rows: Collection[Row]) -> None:
    with members.strike(0, faults.before(members.step_down)), pytest.raises(NotPrimaryError):
        rows.update_many({}, {"$set": {"n": 1}})

    assert members.log[-1].document.get("txnNumber") is None


def test_what_comes_twice_is_answered_from_memory(client: MongoClient[Row], rows: Collection[Row]) -> None:
    with client.start_session() as session:
        lsid = session.session_id
        write = {
            "update": rows.name,
            "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}, "upsert": True}],
            "lsid": lsid,
        }
        for _ in range(2):
            rows.database.command({**write, "txnNumber": Int64(7)})
        with pytest.raises(OperationFailure) as too_old:
            rows.database.command({**write, "txnNumber": Int64(6)})

    assert rows.find_one() == {"_id": 1, "n": 1}
    assert too_old.value.code == 225


def test_a_write_may_stay_unconfirmed(members: ReplicaSet, rows: Collection[Row]) -> None:
    with members.strike(0, faults.not_confirmed()), pytest.raises(WriteConcernError) as unconfirmed:
        rows.insert_one({"_id": 1})

    assert unconfirmed.value.code == 64
    assert rows.find_one() == {"_id": 1}


def test_a_secondary_refuses_what_is_for_the_primary(members: ReplicaSet, rows: Collection[Row]) -> None:
    topology = members.topology
    secondary = next(host for index, host in enumerate(topology.hosts) if index != topology.primary)
    with MongoClient[Row](f"mongodb://{secondary}/?directConnection=true") as direct:
        assert direct["test"][rows.name].find_one() is None
        with pytest.raises(NotPrimaryError) as refused:
            direct["test"][rows.name].insert_one({})

    assert "10107" in str(refused.value)


def test_an_election_may_last_longer_than_a_driver_waits() -> None:
    with (
        running_replica_set() as members,
        MongoClient[Row](members.uri + "&serverSelectionTimeoutMS=2000") as hasty,
    ):
        hasty["test"].command("ping")
        members.step_down(60)
        with pytest.raises((ServerSelectionTimeoutError, AutoReconnect)):
            hasty["test"]["rows"].insert_one({})


def test_a_command_that_does_not_exist_is_refused(rows: Collection[Row]) -> None:
    with pytest.raises(OperationFailure) as refused:
        rows.database.command("noSuchCommand")

    assert refused.value.code == 59


def test_a_fault_befalls_the_command_it_is_meant_for(members: ReplicaSet, rows: Collection[Row]) -> None:
    with members.strike(1, faults.refused(9), lambda command: command.collection == rows.name) as strike:
        rows.database["other"].find_one()
        rows.insert_one({})
        with pytest.raises(OperationFailure):
            rows.find_one()
        rows.find_one()

    assert str(strike.struck) == f"find {rows.name}"
    assert [command.name for command in members.log[-4:]] == ["find", "insert", "find", "find"]


def test_each_command_is_struck_in_turn(members: ReplicaSet, rows: Collection[Row]) -> None:
    struck = []
    for strike in members.at_each_command(faults.refused(262)):
        rows.update_one({"_id": 1}, {"$inc": {"n": 1}}, upsert=True)
        rows.find_one()
        struck.append(strike.struck.name if strike.struck else None)

    # The retry after the first fault is a command, too.
    assert struck == ["update", "find", None]
    assert rows.find_one() == {"_id": 1, "n": 3}


def test_large_results_come_in_batches(rows: Collection[Row]) -> None:
    rows.insert_many([{"_id": number, "text": "x" * 1000} for number in range(500)])

    assert [row["_id"] for row in rows.find({}, batch_size=100)] == list(range(500))


def test_secondaries_lag_behind() -> None:
    with (
        running_replica_set(lag=0.3) as members,
        MongoClient[Row](members.uri + "&readPreference=secondary") as late,
        MongoClient[Row](members.uri) as client,
    ):
        now, then = client["test"]["rows"], late["test"]["rows"]
        now.insert_many([{"_id": number, "n": 0} for number in range(5)])
        assert (now.count_documents({}), then.count_documents({})) == (5, 0)
        wait_until(lambda: then.count_documents({}) == 5)
        now.update_one({"_id": 1}, {"$inc": {"n": 1}})
        now.delete_one({"_id": 2})
        assert [row["n"] for row in then.find({"_id": {"$in": [1, 2]}}, batch_size=1)] == [0, 0]
        wait_until(lambda: then.find_one({"_id": 1}) == {"_id": 1, "n": 1})
        wait_until(lambda: then.find_one({"_id": 2}) is None)


def test_a_command_can_be_run_on_one() -> None:
    asking = "import os; print(os.environ['MONGODB_URI'])"
    done = subprocess.run(
        [sys.executable, "-m", "tests.fakes.replica_set", sys.executable, "-c", asking],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout.startswith("mongodb://127.0.0.1:")
    assert "replicaSet=rs0" in done.stdout
