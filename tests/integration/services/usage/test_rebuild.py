"""Rebuilding usage from the chats."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from bson import ObjectId

from app.domain.ids import new_id
from tests.fakes.fate import Killed, fates
from tests.integration.services.usage.conftest import ONE_OF_EACH, Ledger


def test_it_comes_out_as_it_was(ledger: Ledger) -> None:
    ledger.one_of_each()
    process = ledger.process()
    process.counting.count()
    before = ledger.counters()

    assert process.rebuild.rebuild(ledger.assistant.id) == len(before)

    assert ledger.counters() == before


def test_counters_that_are_wrong_are_put_right(ledger: Ledger) -> None:
    ledger.one_of_each()
    process = ledger.process()
    process.counting.count()
    before = ledger.counters()
    mine = {"assistant_id": ObjectId(ledger.assistant.id)}
    ledger.world.database["usage"].update_many(mine, {"$inc": {"counted.messages": 7, "counted.times.3": 1}})

    process.rebuild.rebuild(ledger.assistant.id)

    assert ledger.counters() == before


def test_chats_from_before_there_was_usage(ledger: Ledger) -> None:
    ledger.one_of_each()
    ledger.world.database["chats"].update_many({}, {"$unset": {"interval": "", "took_ms": ""}})
    process = ledger.process()
    process.counting.count()
    assert ledger.total()["messages"] == 0

    process.rebuild.rebuild(ledger.assistant.id)

    assert ledger.total() == ONE_OF_EACH


def test_what_is_uncounted_is_left_to_the_counting(ledger: Ledger) -> None:
    ledger.one_of_each()
    process = ledger.process()
    process.counting.count()
    ledger.one_of_each()

    process.rebuild.rebuild(ledger.assistant.id)
    assert ledger.total() == ONE_OF_EACH
    process.counting.count()
    assert ledger.total() == {name: 2 * number for name, number in ONE_OF_EACH.items()}


def test_chats_that_are_no_more_stay_counted(ledger: Ledger) -> None:
    ledger.one_of_each()
    process = ledger.process()
    process.counting.delete_of_conversation(ledger.conversation.id, new_id())
    before = ledger.counters()

    process.rebuild.rebuild(ledger.assistant.id)

    assert ledger.counters() == before
    assert ledger.total() == ONE_OF_EACH


def test_what_had_no_price_gets_one(ledger: Ledger) -> None:
    ledger.answered(tokens=999_995)
    process = ledger.process()
    process.counting.count()
    ledger.price()
    process.counting.count()
    assert (ledger.total()["unpriced"], ledger.total()["cost"]) == (1, 0)

    process.rebuild.rebuild(ledger.assistant.id)
    ledger.price("2")
    process.rebuild.rebuild(ledger.assistant.id)

    assert (ledger.total()["unpriced"], ledger.total()["cost"]) == (0, 1_000_000_000)


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
def test_a_rebuild_that_dies_at_any_call(ledger: Ledger, after: bool) -> None:
    ledger.one_of_each()
    ledger.process().counting.count()
    before = ledger.counters()
    for fate in fates(Killed, after=after):
        with suppress(Killed):
            ledger.process(fate).rebuild.rebuild(ledger.assistant.id)
        ledger.world.clock.advance(minutes=2)  # until a hold of the dead is over
        ledger.process().counting.count()
        assert ledger.counters() == before, fate.struck_at


def test_rebuilds_beside_messages_that_end(ledger: Ledger) -> None:
    def work(number: int) -> None:
        process = ledger.process()
        for _ in range(3):
            if number % 2:
                process.rebuild.rebuild(ledger.assistant.id)
            else:
                ledger.one_of_each()
                process.counting.count()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    ledger.process().counting.count()
    counted = ledger.counters()

    assert ledger.total() == {name: 6 * number for name, number in ONE_OF_EACH.items()}
    ledger.process().rebuild.rebuild(ledger.assistant.id)
    assert ledger.counters() == counted
