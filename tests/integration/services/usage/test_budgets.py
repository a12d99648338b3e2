"""Budgets: what may be spent in a month, held before the model is asked."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from app.domain.answers import Answer, Question
from app.domain.assistants import Assistant
from app.domain.chats import Chat
from app.domain.conversations import Tokens
from app.domain.errors import BudgetExhaustedError
from app.domain.usage_batches import Reservation
from app.domain.webhooks import EventType
from app.settings import load_settings
from app.wiring.usage import UsageServices, compose_usage
from tests.fakes.fate import Fate, Killed, fates
from tests.integration.services.usage.conftest import Ledger

# A real for a million tokens: an answer that may be 100,000 tokens holds 10 centavos, and a few for its prompt.
SETTINGS = load_settings(None, llm_model="gpt-5", llm_max_output_tokens=100_000)
QUESTION = Question("Oi")
MILLION = 1_000_000
BRL = 1_000_000_000


@dataclass
class RecordingEvents:
    """Keeps what it was told, each key of a type once."""

    told: dict[tuple[EventType, str], Mapping[str, Any]] = field(default_factory=dict)

    def emit(
        self, assistant: Assistant, event_type: EventType, data: Mapping[str, Any], *, key: str, contact: Any = None
    ) -> None:
        self.told.setdefault((event_type, key), data)

    @property
    def types(self) -> list[str]:
        return [event_type for event_type, _ in self.told]


@dataclass
class Spending:
    """An assistant with a budget of a real, and the processes that spend it."""

    ledger: Ledger
    events: RecordingEvents = field(default_factory=RecordingEvents)
    reservations: dict[str, Reservation] = field(default_factory=dict)

    def process(self, fate: Fate | None = None) -> UsageServices:
        rows = self.ledger.world.rows
        if fate is not None:
            names = ("usage", "usage_log", "usage_intervals", "countable_chats", "budgets", "prices")
            rows = replace(rows, **{name: fate.over(getattr(rows, name)) for name in names})
        return compose_usage(SETTINGS, rows, self.ledger.world.clock, self.events)

    def reserve(self, process: UsageServices, chat: Chat | None = None) -> Chat | None:
        """A message that may ask the model, None if it may not."""
        chat = chat or self.ledger.message()
        try:
            self.reservations[chat.id] = process.budgets.reserve(self.ledger.assistant, chat, QUESTION)
        except BudgetExhaustedError:
            return None
        return chat

    def answer(self, chat: Chat, tokens: int) -> None:
        """The model read so many tokens for it, at a millionth of a real each."""
        used = Tokens(tokens, 0)
        self.process().budgets.settle(self.reservations[chat.id], Answer("Olá!", used, "gpt-5"))
        answered = replace(chat, response="Olá!", model="gpt-5", tokens=used)
        assert self.ledger.world.rows.messages.answer(answered, 0, self.ledger.world.clock())

    def spend(self, tokens: int) -> bool:
        """Answer one message; False if nothing is left."""
        chat = self.reserve(self.process())
        if chat is None:
            return False
        self.answer(chat, tokens)
        return True

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.ledger.world.database["budgets"].find()
        return row

    def assert_consistent(self) -> None:
        """What is committed is what was spent and is held; what was spent is what the counters say."""
        self.process().counting.count()
        row = self.row
        assert row["committed"] == row["spent"] + sum(hold["amount"] for hold in row["holds"])
        assert row["spent"] == self.ledger.total()["cost"]


@pytest.fixture
def spending(ledger: Ledger) -> Spending:
    ledger.price()
    ledger.world.database["budgets"].delete_many({})
    return Spending(ledger)


def test_a_model_is_asked_while_anything_is_left(spending: Spending) -> None:
    answers = 0
    while spending.spend(MILLION // 4):
        answers += 1

    assert answers == 4
    assert spending.row["spent"] == BRL
    spending.assert_consistent()
    assert not spending.spend(1)


def test_what_is_under_way_is_held(spending: Spending) -> None:
    process = spending.process()

    under_way = []
    while chat := spending.reserve(process):
        under_way.append(chat)

    # Ten of 10 centavos, of which each holds a bit more for its prompt.
    assert len(under_way) == 10
    assert spending.row["spent"] == 0
    for chat in under_way:
        spending.answer(chat, 1000)
    spending.assert_consistent()
    assert spending.row["holds"] == []
    assert spending.reserve(process)


def test_who_finds_all_of_it_held_waits_for_a_while(spending: Spending) -> None:
    process = spending.process()
    under_way = [spending.reserve(process) for _ in range(10)]
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(spending.reserve, process)
        for chat in under_way:
            assert chat is not None
            spending.answer(chat, 1000)

        assert waiting.result() is not None
    assert spending.events.types == []


def test_what_was_spent_before_there_was_a_budget_counts(spending: Spending) -> None:
    spending.ledger.answered(tokens=MILLION)

    assert spending.reserve(spending.process()) is None
    assert spending.row["spent"] == BRL + 5000


def test_a_new_month_begins_anew(spending: Spending) -> None:
    assert spending.spend(2 * MILLION)
    assert not spending.spend(1)

    spending.ledger.world.clock.advance(days=31)

    assert spending.spend(1)


def test_a_higher_budget_counts_at_once(spending: Spending) -> None:
    spending.spend(2 * MILLION)
    assert not spending.spend(1)
    settings = replace(spending.ledger.assistant.settings, monthly_budget_brl=Decimal("2.50"))
    spending.ledger.assistant = replace(spending.ledger.assistant, settings=settings)

    assert spending.spend(1)


def test_holds_of_the_dead_end(spending: Spending) -> None:
    """As after kill -9: their messages never end."""
    process = spending.process()
    while spending.reserve(process):
        pass

    spending.ledger.world.clock.advance(minutes=2)

    chat = spending.reserve(process)
    assert chat is not None
    assert [str(hold["chat_id"]) for hold in spending.row["holds"]] == [chat.id]
    spending.assert_consistent()


def test_an_answer_that_comes_after_its_hold_has_ended_counts(spending: Spending) -> None:
    process = spending.process()
    late = spending.reserve(process)
    assert late
    while spending.reserve(process):
        pass
    spending.ledger.world.clock.advance(minutes=2)
    assert spending.reserve(process)

    discarded = replace(late, response="Tarde.", model="gpt-5", tokens=Tokens(1000, 0))
    spending.ledger.world.rows.messages.fail(late, "interrupted")
    spending.ledger.world.rows.messages.discard_answer(discarded, late.state)

    spending.assert_consistent()
    assert spending.row["spent"] == BRL // 1000


def test_many_at_once_in_two_processes(spending: Spending) -> None:
    """Sixty-four messages at once, of which each costs what it may at the most."""
    processes = [spending.process(), spending.process()]

    def work(number: int) -> int:
        chat = spending.reserve(processes[number % 2])
        if chat is None:
            return 0
        spending.answer(chat, 100_000)
        return 1

    with ThreadPoolExecutor(64) as threads:
        answered = sum(threads.map(work, range(64)))

    spending.assert_consistent()
    assert answered == 10
    assert spending.row["spent"] == BRL
    assert spending.row["holds"] == []


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
def test_a_process_that_dies_at_any_call(spending: Spending, after: bool) -> None:
    spending.spend(1000)
    for fate in fates(Killed, after=after):
        process = spending.process(fate)
        with suppress(Killed):
            for _ in range(3):
                chat = spending.reserve(process)
                if chat is not None:
                    spending.answer(chat, 1000)
            process.counting.count()
        spending.process().counting.count()
        spending.ledger.world.clock.advance(minutes=2)
        spending.assert_consistent()


def test_events_come_once_a_month(spending: Spending) -> None:
    spending.spend(MILLION // 2)
    spending.process().counting.count()
    assert spending.events.types == []

    spending.spend(MILLION * 3 // 10)
    spending.process().counting.count()
    assert spending.events.types == ["budget.warning"]

    spending.spend(MILLION)
    for _ in range(2):
        spending.process().counting.count()
        assert not spending.spend(1)
    assert spending.events.types == ["budget.warning", "budget.exhausted"]
    (warning, exhausted) = spending.events.told.values()
    assert (warning["monthly_budget_brl"], warning["spent_brl"]) == ("1.00", "0.80")
    assert (exhausted["assistant_id"], exhausted["spent_brl"]) == (spending.ledger.assistant.id, "1.80")


def test_both_events_where_one_answer_spends_it_all(spending: Spending) -> None:
    spending.spend(2 * MILLION)
    spending.process().counting.count()

    assert spending.events.types == ["budget.warning", "budget.exhausted"]


def test_without_a_price_nothing_may_be_spent(spending: Spending) -> None:
    spending.ledger.world.database["prices"].delete_many({})

    assert spending.reserve(spending.process()) is None


def test_a_rebuild_puts_the_budget_right(spending: Spending) -> None:
    spending.spend(MILLION // 2)
    spending.process().counting.count()
    spending.ledger.world.database["budgets"].update_many({}, {"$inc": {"spent": 7, "committed": 7}})

    spending.process().rebuild.rebuild(spending.ledger.assistant.id)

    spending.assert_consistent()


def test_budgets_of_long_ago_are_deleted(spending: Spending) -> None:
    spending.spend(1)
    spending.ledger.world.clock.advance(days=400)
    spending.spend(1)

    assert spending.ledger.world.database["budgets"].count_documents({}) == 1
