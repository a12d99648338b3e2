"""All routes that write, while the primary of the database steps down or its replies are lost."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.crowd import HANG_SECONDS, events, meanwhile, wait_until
from tests.api.failover import FAULTS, SCENARIOS, Town, new_phone, town_on_replica_set, work_is_done
from tests.api.house import assert_error
from tests.fakes.replica_set import Command, Strike, faults

# At which of the commands; at all of them, and with more faults, in tests/stress/test_failover.py.
QUICK = {"step-down": 1, "not confirmed": 1, "lost reply": 7}
QUICK_FOR_LONG = {"step-down": 13, "not confirmed": 23, "lost reply": 47}
QUICK_FOR_LONGEST = {"step-down": 37, "not confirmed": 59, "lost reply": 97}
LATE_SECONDS = 0.5
EVENT_STREAM = "text/event-stream"
LONG = {
    *("an upload", "a new version"),
    *("a document's deletion", "a conversation's deletion"),
}
LONGEST = {"an assistant's deletion"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_on_replica_set(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.mark.parametrize("fault", QUICK)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_succeeds_or_is_told_so_and_succeeds_then(town: Town, scenario: str, fault: str) -> None:
    steps = QUICK_FOR_LONGEST if scenario in LONGEST else QUICK_FOR_LONG if scenario in LONG else QUICK
    step = steps[fault]

    for strike in town.strikes(FAULTS[fault](town.members), step=step):
        SCENARIOS[scenario](town, strike)


@pytest.fixture(scope="module")
def late_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose MONGODB_URI asks for secondaries, which are late, and for writes that one member confirms."""
    options = "readPreference=secondaryPreferred&w=1&readConcernLevel=available"
    with town_on_replica_set(tmp_path_factory.mktemp("late"), options, lag=LATE_SECONDS) as town:
        yield town


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_late_secondaries_are_not_asked_whatever_the_uri_says(late_town: Town, scenario: str) -> None:
    with late_town.members.strike(0, faults.refused(1)) as strike:
        strike.disarm()
        SCENARIOS[scenario](late_town, strike)

    assert {command.member for command in late_town.members.log} == {late_town.members.topology.primary}


@pytest.mark.parametrize("fault", ["time limit", "step-down"])
def test_a_stream_says_that_the_database_is_unavailable(town: Town, fault: str) -> None:
    codes = set()
    for strike in town.strikes(FAULTS[fault](town.members)):
        phone = new_phone()
        body = {"id": phone, "message_service": "Whatsapp", "message": "Oi", "message_id": phone}

        response = town.gateway.post("/chats/enviarMensagemLLM", body, headers={"Accept": EVENT_STREAM})

        answer, data = outcome(response)
        strike.disarm()
        if answer != "done":
            codes.add((answer, data["code"]))
            town.members.wait_for_primary()
            data = town.gateway.chat("Oi", phone, message_id=phone, username=None)
        assert data["response"] == "Resposta.", str(strike.struck)
    assert codes <= {("error", "database_unavailable"), ("503", "database_unavailable")}
    assert ("error", "database_unavailable") in codes or fault == "step-down"


def outcome(response: TestResponse) -> tuple[str, dict[str, Any]]:
    """The last event of a stream, or the status of what is none, with its data."""
    if response.mimetype == EVENT_STREAM:
        return events(response)[-1]
    return str(response.status_code), dict(response.json or {})


def test_outages_do_not_count_as_attempts_to_read_a_document(town: Town) -> None:
    for outage in range(5):
        with town.members.strike(0, faults.refused(365), stores_chunks) as strike:
            if outage == 0:
                town.ana.upload(town.assistant["_id"], "# Prazo\nDois dias.", "prazo.md")
            wait_until(partial(is_put_off, town, strike))

    work_is_done(town)
    assert (shown(town)["status"], shown(town)["error"]) == ("ready", None)


def is_put_off(town: Town, strike: Strike) -> bool:
    """Whether the database has failed another worker, and the document says so and waits."""
    if strike.struck is None:
        town.house.clock.advance(minutes=2)
        town.house.sweep()
        return False
    document = shown(town)
    return "The database could not be reached." in (document["error"] or "") and document["status"] == "indexing"


def stores_chunks(command: Command) -> bool:
    return (command.name, command.collection) == ("insert", "chunks")


def shown(town: Town) -> dict[str, Any]:
    """The newest document as its owner sees it."""
    (document,) = town.ana.get("/documents/list?limit=1").json or []
    return dict(document)


@pytest.mark.parametrize("scenario", ["a message", "an upload"])
def test_a_primary_that_says_nothing_is_given_up(tmp_path: Path, scenario: str) -> None:
    with town_on_replica_set(tmp_path, "socketTimeoutMS=700&connectTimeoutMS=700") as town:
        fault = faults.before(lambda: town.members.lose_primary(0.2))
        with town.members.strike(2, fault) as strike:
            SCENARIOS[scenario](town, strike)
        town.members.heal()

    assert strike.struck is not None


def test_nobody_waits_for_a_connection_for_ever(tmp_path: Path) -> None:
    begun, go = Event(), Event()

    def hang() -> None:
        begun.set()
        assert go.wait(HANG_SECONDS)

    with town_on_replica_set(tmp_path, "maxPoolSize=1&waitQueueTimeoutMS=100") as town:
        other = town.ana.apart()
        with (
            town.members.strike(0, faults.before(hang), lambda command: command.collection == "assistants"),
            meanwhile(lambda: town.ana.get("/assistants/list")) as listed,
        ):
            assert begun.wait(HANG_SECONDS)
            refused = other.get("/documents/list")
            go.set()

    assert_error(refused, 503, "database_unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert listed.result().status_code == 200


def test_a_bug_is_not_called_an_outage(town: Town) -> None:
    with town.members.strike(0, faults.refused(9)):
        response = town.ana.get("/assistants/list")

    assert_error(response, 500, "internal_error")
    assert "Retry-After" not in response.headers
