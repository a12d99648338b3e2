"""Usage, prices and budgets, put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.answers import Question
from app.domain.assistants import Assistant
from app.domain.conversations import Tokens
from app.domain.usage import Calendar
from app.domain.webhooks import EventType
from app.llm.prompt import build_messages
from app.llm.reply import prompt_tokens
from app.repositories.chats import ChatRepository
from app.services.budgets import AnswerCosts, BudgetBooks, Budgets
from app.services.ports import Clock
from app.services.ports.usage import TokenEstimate
from app.services.ports.webhooks import Events
from app.services.prices import PriceBook, PriceService
from app.services.settings_rules import SettingsRules
from app.services.usage import BatchLog, BatchMaker, UsageCounting, UsageReader, UsageRebuild, UsageReport
from app.services.usage.budget_ledger import BudgetLedger
from app.services.usage.paid_calls import PaidCallCounting
from app.services.usage.rebuild import ChatTallies
from app.settings import Settings
from app.wiring.audit import audit_log
from app.wiring.repositories import Repositories


@dataclass(frozen=True)
class UsageServices:
    """What counts and shows usage, and what keeps budgets."""

    counting: UsageCounting
    reader: UsageReader
    report: UsageReport
    rebuild: UsageRebuild
    prices: PriceService
    budgets: Budgets
    rules: SettingsRules
    paid_calls: PaidCallCounting


class NoEvents:
    """Tells nobody, as in commands."""

    def emit(self, assistant: Assistant, event_type: EventType, data: Mapping[str, Any], **named: Any) -> None:
        """Nothing happens."""


class CountedChats:
    """The rows of an assistant's chats, whose usage is counted before they are deleted."""

    def __init__(self, counting: UsageCounting, chats: ChatRepository) -> None:
        self._counting = counting
        self._chats = chats

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Delete everything this assistant was ever asked; its usage stays."""
        self._counting.delete_uncounted(assistant_id)
        self._chats.delete_of_assistant(assistant_id)


def compose_usage(
    settings: Settings, rows: Repositories, clock: Clock, events: Events | None = None
) -> UsageServices:
    """The services for usage; `events` are told of budgets."""
    calendar, prices = Calendar(settings.usage_timezone), PriceBook(rows.prices)
    ledger = BudgetLedger(rows.budgets, rows.assistants, events or NoEvents(), calendar)
    targets = (rows.usage, ledger, rows.countable_chats, rows.usage_intervals)
    batches = BatchLog(rows.usage_log, targets, ledger.announce, clock)
    maker = BatchMaker(prices, ledger, calendar)
    counting = UsageCounting(batches, rows.countable_chats, rows.usage_intervals, maker, clock)
    tallies = ChatTallies(rows.usage, rows.countable_chats, rows.usage_intervals, prices, calendar)
    beside = (settings.stt_model,) if settings.stt_model else ()
    costs = AnswerCosts(prices, _estimate(settings), settings.service_models, clock, beside=beside)
    books = BudgetBooks(rows.budgets, batches, rows.usage, rows.countable_chats, clock)
    reader = UsageReader(rows.usage, counting, batches)
    return UsageServices(
        counting=counting,
        reader=reader,
        report=UsageReport(reader, rows.assistants, calendar, clock),
        rebuild=UsageRebuild(rows.usage_log, batches, tallies, ledger, clock),
        prices=PriceService(prices, clock, audit_log(rows, clock)),
        budgets=Budgets(rows.budgets, books, counting, costs, ledger),
        rules=SettingsRules(settings.models_to_choose, costs),
        paid_calls=PaidCallCounting(batches, prices, ledger, calendar),
    )


def _estimate(settings: Settings) -> TokenEstimate:
    """The tokens of a question's prompt, and the limit of output tokens."""

    def estimate(question: Question) -> Tokens:
        return Tokens(prompt_tokens(build_messages(question)), settings.llm_max_output_tokens, estimated=True)

    return estimate
