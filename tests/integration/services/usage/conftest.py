"""Usage on a real database, counted by processes that may die."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.assistants import Assistant, AssistantSettings
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation, Tokens
from app.domain.ids import new_id
from app.domain.prices import Price, PriceList
from app.domain.usage import Tally, UsageKey
from app.repositories.messages import MessageRepository
from app.repositories.usage_intervals import UsageIntervals
from app.settings import load_settings
from app.wiring.usage import UsageServices, compose_usage
from tests.fakes.database import dialect_of_tests
from tests.fakes.fate import Fate
from tests.integration.rows import NOW, World

ALWAYS = ("2000-01-01", "2999-12-31")


@dataclass
class Ledger:
    """An assistant whose messages end, and the processes that count them."""

    world: World
    assistant: Assistant
    conversation: Conversation = field(init=False)

    def __post_init__(self) -> None:
        self.conversation = self.world.conversation(assistant_id=self.assistant.id)

    def process(self, fate: Fate | None = None) -> UsageServices:
        """A new process."""
        rows = self.world.rows
        if fate is not None:
            names = ("usage", "usage_log", "usage_intervals", "countable_chats", "budgets", "prices")
            rows = replace(rows, **{name: fate.over(getattr(rows, name)) for name in names})
        return compose_usage(load_settings(None, llm_model="gpt-5"), rows, self.world.clock)

    def of_another_process(self) -> "Ledger":
        """The same assistant, whose messages another process ends."""
        database, clock = self.world.database, self.world.clock
        intervals = UsageIntervals(database, clock)
        messages = MessageRepository(database, dialect_of_tests(), intervals)
        rows = replace(self.world.rows, messages=messages, usage_intervals=intervals)
        return Ledger(replace(self.world, rows=rows), self.assistant)

    def message(self, **values: Any) -> Chat:
        """A message that is being answered."""
        return self.world.chat(self.conversation, state=ChatState.ANSWERING, until=self.soon(), epoch=0, **values)

    def soon(self) -> datetime:
        """In a minute."""
        return self.world.clock() + timedelta(minutes=1)

    def answered(self, tokens: int = 10, **values: Any) -> Chat:
        """A message that was answered."""
        chat = replace(self.message(**values), response="Olá!", model="gpt-5", tokens=Tokens(tokens, 5))
        assert self.world.rows.messages.answer(chat, 0, self.world.clock())
        return chat

    def failed(self) -> Chat:
        """A message that could not be answered."""
        chat = self.message()
        assert self.world.rows.messages.fail(chat, "model_failed")
        return chat

    def one_of_each(self) -> None:
        """Messages that end in each way there is, and one that has not ended."""
        messages = self.world.rows.messages
        self.answered()
        self.answered()
        self.failed()
        messages.leave_to_person(self.message())
        discarded = replace(self.message(), response="Tarde.", model="gpt-5", tokens=Tokens(7, 3))
        messages.discard_answer(discarded, ChatState.LEFT)
        late = replace(self.failed(), response="Muito tarde.", model="gpt-5", tokens=Tokens(1, 1))
        messages.discard_answer(late, ChatState.FAILED, "model_timeout")
        gathering = self.world.chat(self.conversation, state=ChatState.GATHERING, until=self.soon())
        assert messages.merge(gathering.id, late.id)
        self.message()

    def counters(self) -> dict[UsageKey, Tally]:
        """What was counted of the assistant, without the times answers took."""
        found = self.world.rows.usage.between(*ALWAYS, [self.assistant.id])
        return {key: Tally({name: n for name, n in tally.items() if n}) for key, tally in found}

    def total(self) -> Tally:
        """All of that as one, without the times answers took."""
        tallies = self.counters().values()
        return Tally({name: n for name, n in sum(tallies, Tally()).items() if "." not in name})

    def price(self, per_million: str = "1") -> None:
        """A million tokens cost so many reais from now on, and always did."""
        price = Price("*", "BRL", Decimal(per_million), Decimal(per_million), NOW.replace(year=2020))
        self.world.rows.prices.add(PriceList(self.world.now(), (price,)))


# What `one_of_each` adds up to.
ONE_OF_EACH = {
    "messages": 7,
    "answered": 2,
    "discarded": 2,
    "failed": 2,
    "tokens_in": 28,
    "tokens_out": 14,
    "unpriced": 4,
}


@pytest.fixture
def ledger(world: World) -> Iterator[Ledger]:
    settings = AssistantSettings(monthly_budget_brl=Decimal(1))
    ledger = Ledger(world, world.assistant(api_key=new_id(), settings=settings))
    yield ledger
    world.database["chats"].delete_many({})
    world.database["prices"].delete_many({})
    world.clock.offset *= 0
    ledger.process().counting.count_all()
