"""Counting what ended: each message once, whatever dies and however many count."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from app.domain.chats import ChatFilter, ChatState
from app.domain.conversations import Tokens
from app.domain.errors import UnavailableError
from app.domain.ids import new_id
from app.domain.usage import Tally
from app.domain.usage_batches import Batch
from tests.fakes.fate import Killed, fates
from tests.integration.services.usage.conftest import ALWAYS, ONE_OF_EACH, Ledger


def count(ledger: Ledger) -> None:
    ledger.process().counting.count()


def test_every_end_counts_once(ledger: Ledger) -> None:
    ledger.one_of_each()

    for _ in range(2):
        count(ledger)
        assert ledger.total() == ONE_OF_EACH
    by_model = {key.model: tally for key, tally in ledger.counters().items()}
    assert set(by_model) == {None, "gpt-5"}
    assert (by_model[None]["messages"], by_model["gpt-5"]["messages"]) == (5, 2)
    assert sum(number for name, number in by_model["gpt-5"].items() if name.startswith("times.")) == 2


def test_an_answer_that_came_after_its_message_had_been_counted(ledger: Ledger) -> None:
    failed = ledger.failed()
    count(ledger)
    late = replace(failed, response="Tarde.", model="gpt-5", tokens=Tokens(7, 3))

    for _ in range(2):
        ledger.world.rows.messages.discard_answer(late, ChatState.LEFT)
        count(ledger)

    assert ledger.total() == {
        "messages": 1,
        "failed": 1,
        "discarded": 1,
        "tokens_in": 7,
        "tokens_out": 3,
        "unpriced": 1,
    }
    found = ledger.world.rows.messages.by_id(failed.id)
    assert found is not None
    assert found.state is ChatState.FAILED


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
@pytest.mark.parametrize("error", [Killed, AutoReconnect])
def test_a_count_that_dies_at_any_call(ledger: Ledger, error: type[BaseException], after: bool) -> None:
    for rounds, fate in enumerate(fates(error, after=after), start=1):
        ledger.one_of_each()
        with suppress(error):
            ledger.process(fate).counting.count()
        count(ledger)
        assert ledger.total() == {name: rounds * number for name, number in ONE_OF_EACH.items()}, fate.struck_at


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
def test_a_deletion_that_dies_at_any_call(ledger: Ledger, after: bool) -> None:
    for rounds, fate in enumerate(fates(Killed, after=after), start=1):
        ledger.one_of_each()
        with suppress(Killed):
            ledger.process(fate).counting.delete_of_conversation(ledger.conversation.id, new_id())
        process = ledger.process()
        process.counting.delete_of_conversation(ledger.conversation.id, new_id())
        assert ledger.world.rows.chats.page(ChatFilter(conversation_ids=[ledger.conversation.id]), None, 9) == []
        for _ in range(2):
            assert ledger.total() == {name: rounds * n for name, n in ONE_OF_EACH.items()}, fate.struck_at
            process.rebuild.rebuild(ledger.assistant.id)


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
@pytest.mark.parametrize("is_counted", [False, True])
def test_a_retry_is_no_other_message(ledger: Ledger, is_counted: bool, after: bool) -> None:
    """Whatever dies between the failure and the retry."""
    for rounds, fate in enumerate(fates(Killed, after=after), start=1):
        failed = ledger.failed()
        if is_counted:
            count(ledger)
        with suppress(Killed):
            ledger.process(fate).counting.delete_failed([failed.id])
        process = ledger.process()
        process.counting.delete_failed([failed.id])
        ledger.answered()
        process.counting.count()
        for _ in range(2):
            assert {name: ledger.total()[name] for name in ("messages", "failed", "answered")} == dict.fromkeys(
                ("messages", "failed", "answered"), rounds
            )
            process.rebuild.rebuild(ledger.assistant.id)


def test_a_conversation_is_deleted_up_to_a_chat(ledger: Ledger) -> None:
    ledger.answered()
    kept = ledger.answered()
    other = ledger.world.chat(ledger.world.conversation(assistant_id=ledger.assistant.id))

    ledger.process().counting.delete_of_conversation(ledger.conversation.id, kept.id)

    found = ledger.world.rows.chats.page(ChatFilter(assistant_id=ledger.assistant.id), None, 9)
    assert [chat.id for chat in found] == [other.id, kept.id]


def test_a_message_that_ends_while_it_is_deleted_is_counted(ledger: Ledger) -> None:
    chat = ledger.message()

    class Ending:
        """Chats of which one is answered right after they were read."""

        def of_conversation(self, *asked: object) -> object:
            found = ledger.world.rows.countable_chats.of_conversation(*asked)  # type: ignore[arg-type]
            answered = replace(chat, response="Olá!", model="gpt-5", tokens=Tokens(10, 5))
            ledger.world.rows.messages.answer(answered, 0, ledger.world.clock())
            return found

        def __getattr__(self, name: str) -> object:
            return getattr(ledger.world.rows.countable_chats, name)

    rows = replace(ledger.world.rows, countable_chats=Ending())  # type: ignore[arg-type]
    replace(ledger, world=replace(ledger.world, rows=rows)).process().counting.delete_of_conversation(
        ledger.conversation.id, new_id()
    )

    assert ledger.world.rows.messages.by_id(chat.id) is None
    assert ledger.total()["tokens_in"] == 10


def test_many_count_at_once(ledger: Ledger) -> None:
    processes = [ledger.process() for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        for rounds in range(1, 4):
            ledger.one_of_each()
            list(threads.map(lambda process: process.counting.count(), processes))
            assert ledger.total() == {name: rounds * number for name, number in ONE_OF_EACH.items()}


def test_a_batch_of_an_older_state_is_not_begun(ledger: Ledger) -> None:
    """Two saw the same uncounted chats: the second must not count them again."""
    log = ledger.world.rows.usage_log
    ledger.one_of_each()
    count(ledger)
    seen = log.state()
    ledger.one_of_each()
    count(ledger)

    assert not log.begin(Batch(new_id(after=seen.number)), seen)


@pytest.mark.parametrize("asleep_in", ["usage", "countable_chats", "usage_intervals"])
def test_who_wakes_up_late_changes_nothing(ledger: Ledger, asleep_in: str) -> None:
    """A process sleeps in the middle of a batch while others carry it out, and more after it."""
    ledger.one_of_each()
    asleep: list[Callable[[], None]] = []

    class Sleeping:
        def __init__(self, repository: object) -> None:
            self._repository = repository

        def __getattr__(self, name: str) -> object:
            method = getattr(self._repository, name)
            if name != "apply":
                return method

            def sleep(*given: object) -> None:
                asleep.append(lambda: method(*given))
                raise Killed

            return sleep

    rows = ledger.world.rows
    mortal: Any = {asleep_in: Sleeping(getattr(rows, asleep_in))}
    with pytest.raises(Killed):
        replace(ledger, world=replace(ledger.world, rows=replace(rows, **mortal))).process().counting.count()
    count(ledger)
    ledger.one_of_each()
    count(ledger)
    for wake in asleep:
        wake()
    count(ledger)

    assert asleep
    assert ledger.total() == {name: 2 * number for name, number in ONE_OF_EACH.items()}


def test_nothing_is_counted_while_usage_is_rebuilt(ledger: Ledger) -> None:
    ledger.answered()
    log = ledger.world.rows.usage_log
    held = new_id(after=log.state().number)
    assert log.hold(held, ledger.soon(), log.state())

    with ThreadPoolExecutor(1) as thread:
        counting = thread.submit(count, ledger)
        time.sleep(0.3)
        assert ledger.total() == {}
        ledger.world.clock.advance(minutes=2)  # who held it is dead
        counting.result()

    assert ledger.total()["answered"] == 1


def test_what_another_process_has_not_counted_is_shown(ledger: Ledger) -> None:
    other = ledger.of_another_process()
    ledger.answered()
    other.one_of_each()
    process = ledger.process()

    shown = sum((tally for _, tally in process.reader.between(*ALWAYS, [ledger.assistant.id])), Tally())

    assert ledger.total()["messages"] == 1
    assert {name: shown[name] for name in ONE_OF_EACH} == {**ONE_OF_EACH, **_and_one_answer(ONE_OF_EACH)}
    assert process.reader.between("2000-01-01", "2000-12-31", None) == []
    assert process.reader.between(*ALWAYS, [new_id()]) == []


def test_what_a_dead_process_has_left_is_counted(ledger: Ledger) -> None:
    ledger.of_another_process().one_of_each()
    count(ledger)
    assert ledger.total() == {}

    ledger.world.clock.advance(minutes=16)

    count(ledger)
    assert ledger.total() == ONE_OF_EACH


def test_where_there_is_no_other_process_all_is_counted_at_once(ledger: Ledger) -> None:
    ledger.of_another_process().one_of_each()

    ledger.process().counting.count_all()

    assert ledger.total() == ONE_OF_EACH


def test_an_assistant_is_deleted_with_what_another_process_has_not_counted(ledger: Ledger) -> None:
    other = ledger.of_another_process()
    other.one_of_each()

    ledger.process().counting.delete_uncounted(ledger.assistant.id)
    ledger.world.rows.chats.delete_of_assistant(ledger.assistant.id)
    other.process().counting.count()

    assert ledger.total() == ONE_OF_EACH


def test_nobody_waits_for_ever_for_a_count_that_is_stuck(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.usage.counting._LONGEST_WAIT_SECONDS", 0.2)
    began, end = threading.Event(), threading.Event()

    class Stuck:
        def close(self, _wait_seconds: float) -> list[str]:
            began.set()
            end.wait(30)
            return []

        def registered(self) -> dict[str, datetime]:
            return {}

    rows = replace(ledger.world.rows, usage_intervals=Stuck())  # type: ignore[arg-type]
    counting = replace(ledger, world=replace(ledger.world, rows=rows)).process().counting
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(counting.count)
        assert began.wait(30)
        with pytest.raises(UnavailableError):
            counting.count()
        end.set()
        first.result(30)
    counting.count()


def _and_one_answer(numbers: dict[str, int]) -> dict[str, int]:
    more = {"messages": 1, "answered": 1, "tokens_in": 10, "tokens_out": 5, "unpriced": 1}
    return {name: numbers[name] + number for name, number in more.items()}
