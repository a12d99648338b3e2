"""The way of a message, put together."""

from dataclasses import dataclass, replace

from app.knowledge.extractive import ExtractiveAnswerer
from app.services.channels.answering import LONGEST_KEPT
from app.services.channels.work_threads import MOST_THREADS
from app.services.compute_limit import ComputeLimit, PatientAnswerer, PatientSearch
from app.services.conversations import ConversationSwitch
from app.services.fair_share import FairShare
from app.services.messages import MessageRules, MessageService
from app.services.messages.budgeted_model import BudgetedModel
from app.services.messages.completion import Completion, CompletionSignals
from app.services.messages.intake import Intake
from app.services.messages.pictures import Pictures
from app.services.messages.queue import ConversationQueue
from app.services.messages.service import MessageQueueing, Responder
from app.services.ports.conversations import Answerer
from app.services.ports.knowledge import PassageSearch
from app.services.webhooks.message_announcer import MessageAnnouncer
from app.settings import Settings
from app.wiring.engines import Engines
from app.wiring.repositories import Repositories
from app.wiring.threads import thread_count
from app.wiring.usage import UsageServices

# Of the threads of channels. More would not be faster: the interpreter runs one at a time.
_MOST_COMPUTING = 4


@dataclass(frozen=True)
class MessageServices:
    """What answers customers, in the server's threads and in those of channels, what finishes what a crash cut off,
    and whose requests get a thread.
    """

    messages: MessageService
    of_channels: MessageService
    completion: Completion
    share: FairShare
    limit_of_channels: ComputeLimit


def rules_of(settings: Settings) -> MessageRules:
    """What the settings say of messages."""
    return MessageRules(
        characters=settings.max_message_characters,
        timeout_seconds=settings.llm_timeout_seconds,
        history_turns=settings.history_turns,
        burst_quiet_seconds=settings.burst_quiet_seconds,
        burst_max_seconds=settings.burst_max_seconds,
        auto_reactivate_hours=settings.auto_reactivate_hours,
        queue_length=settings.conversation_queue,
        models=settings.models_to_choose,
    )


def compose_messages(
    settings: Settings,
    engines: Engines,
    rows: Repositories,
    retriever: PassageSearch,
    switch: ConversationSwitch,
    *,
    usage: UsageServices,
    announcer: MessageAnnouncer,
    pictures: Pictures,
) -> MessageServices:
    """The service that answers customers."""
    limit = ComputeLimit(_MOST_COMPUTING)
    signals, clock = CompletionSignals(announcer.ended, limit), engines.clock
    completion = Completion(rows.messages, rows.conversation_queue, signals, usage.counting, clock)
    queue = ConversationQueue(rows.messages, rows.conversation_queue, completion, signals, clock)
    intake = Intake(rows.messages, queue, completion, announcer, clock)
    queueing = MessageQueueing(intake, switch, queue, completion, rows.assistants)
    patient = PatientSearch(retriever, limit) if settings.embedding_base_url else retriever

    def responder(knowledge: PassageSearch, answerer: Answerer) -> Responder:
        return Responder(knowledge, BudgetedModel(answerer, usage.budgets), ExtractiveAnswerer(), pictures)

    share = FairShare(thread_count(settings), settings.conversation_queue + 1)
    rules = rules_of(settings)
    of_channels = FairShare(lambda: MOST_THREADS, settings.conversation_queue + 1)
    # What a customer wrote by a channel cannot be refused; what is too long to be answered goes to a person.
    any_length = replace(rules, characters=max(rules.characters, LONGEST_KEPT))
    return MessageServices(
        messages=MessageService(queueing, responder(retriever, engines.answerer), completion, share, rules),
        of_channels=MessageService(
            queueing,
            responder(patient, PatientAnswerer(engines.answerer, limit)),
            completion,
            of_channels,
            any_length,
        ),
        completion=completion,
        share=share,
        limit_of_channels=limit,
    )
