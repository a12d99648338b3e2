"""The way of a message, put together."""

from app.knowledge.extractive import ExtractiveAnswerer
from app.knowledge.retriever import Retriever
from app.services.conversations import ConversationKeeper
from app.services.messages import MessageRules, MessageService
from app.services.messages.arrivals import Arrivals
from app.services.messages.bursts import Bursts
from app.services.messages.line import Line
from app.services.messages.outcomes import Outcomes
from app.services.messages.questions import Questions
from app.services.messages.replies import Replies
from app.services.messages.settlements import Settlements
from app.services.messages.turns import Turns
from app.settings import Settings
from app.wiring.engines import Engines
from app.wiring.repositories import Repositories


def rules_of(settings: Settings) -> MessageRules:
    """What the settings say of messages."""
    return MessageRules(
        characters=settings.max_message_characters,
        timeout_seconds=settings.llm_timeout_seconds,
        history_turns=settings.history_turns,
        burst_quiet_seconds=settings.burst_quiet_seconds,
        burst_max_seconds=settings.burst_max_seconds,
        auto_reactivate_hours=settings.auto_reactivate_hours,
    )


def compose_messages(
    settings: Settings, engines: Engines, rows: Repositories, retriever: Retriever, keeper: ConversationKeeper
) -> MessageService:
    """The service that answers customers."""
    rules, settlements, clock = rules_of(settings), Settlements(), engines.clock
    outcomes = Outcomes(rows.messages, settlements)
    line = Line(rows.messages, rows.chats, settlements, clock, rules)
    arrivals = Arrivals(line, rows.messages, rows.chats, settlements, clock)
    bursts = Bursts(rows.messages, rows.chats, outcomes, settlements, clock)
    turns = Turns(rows.assistants, arrivals, keeper, bursts, line=line, outcomes=outcomes)
    questions = Questions(retriever, rows.chats)
    replies = Replies(questions, engines.answerer, ExtractiveAnswerer(), keeper, outcomes)
    return MessageService(turns, replies, rules)
