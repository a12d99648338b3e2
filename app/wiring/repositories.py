"""The collections."""

import socket
from dataclasses import dataclass

from pymongo.database import Database

from app.domain.ids import new_id
from app.domain.rows import Row
from app.repositories.administrator_removals import AdministratorRemovalRepository
from app.repositories.assistants import AssistantRepository
from app.repositories.audit import AuditRepository
from app.repositories.budgets import BudgetRepository
from app.repositories.canned_replies import CannedReplyRepository
from app.repositories.changes import ChangeRepository
from app.repositories.channel_events import ChannelEventRepository
from app.repositories.channels import ChannelRepository
from app.repositories.chats import ChatRepository
from app.repositories.chunks import ChunkRepository
from app.repositories.contacts import ContactRepository
from app.repositories.conversation_names import ConversationNameRepository
from app.repositories.conversation_queue import ConversationQueueRepository
from app.repositories.conversation_search import ConversationSearch
from app.repositories.conversations import ConversationRepository
from app.repositories.countable_chats import CountableChatRepository
from app.repositories.dialect import Dialect
from app.repositories.documents import DocumentRepository
from app.repositories.embedding_models import EmbeddingModelRepository
from app.repositories.erasures import ErasureRepository
from app.repositories.evaluation_cases import EvaluationCaseRepository
from app.repositories.evaluation_results import EvaluationResultRepository
from app.repositories.evaluation_runs import EvaluationRunRepository
from app.repositories.inbox import InboxRepository, InboxTurnRepository
from app.repositories.indexing_queue import IndexingQueue
from app.repositories.invitations import InvitationRepository
from app.repositories.keys import KeyRepository
from app.repositories.knowledge import KnowledgeRepository
from app.repositories.labels import LabelRepository
from app.repositories.login_attempts import LoginAttemptRepository
from app.repositories.mail_outbox import MailOutboxRepository
from app.repositories.media import MediaRepository
from app.repositories.message_words import MessageWordRepository
from app.repositories.messages import MessageRepository
from app.repositories.mongo import repeated
from app.repositories.notes import NoteRepository
from app.repositories.outbox import OutboxRepository
from app.repositories.own_writes import OwnWrites
from app.repositories.password_resets import PasswordResetRepository
from app.repositories.presence import PresenceRepository
from app.repositories.prices import PriceRepository
from app.repositories.prompt_versions import PromptVersionRepository
from app.repositories.read_marks import ReadMarkRepository
from app.repositories.request_counts import RequestCountRepository
from app.repositories.stored_counts import StoredCountsRepository
from app.repositories.unanswered import UnansweredRepository
from app.repositories.usage import UsageRepository
from app.repositories.usage_intervals import UsageIntervals
from app.repositories.usage_log import UsageLogRepository
from app.repositories.user_tokens import UserTokenRepository
from app.repositories.users import UserRepository
from app.repositories.usual_addresses import UsualAddressRepository
from app.repositories.visitor_sessions import VisitorSessionRepository
from app.repositories.webhook_deliveries import WebhookDeliveryRepository
from app.repositories.webhooks import WebhookRepository
from app.security.keys import KeyVault
from app.services.ports import Clock


@dataclass(frozen=True)
class Repositories:
    """All collections."""

    users: UserRepository
    invitations: InvitationRepository
    user_tokens: UserTokenRepository
    attempts: LoginAttemptRepository
    password_resets: PasswordResetRepository
    mail_outbox: MailOutboxRepository
    usual_addresses: UsualAddressRepository
    administrator_removals: AdministratorRemovalRepository
    assistants: AssistantRepository
    keys: KeyRepository
    documents: DocumentRepository
    chunks: ChunkRepository
    contacts: ContactRepository
    knowledge: KnowledgeRepository
    embedding_models: EmbeddingModelRepository
    conversations: ConversationRepository
    conversation_queue: ConversationQueueRepository
    chats: ChatRepository
    messages: MessageRepository
    erasures: ErasureRepository
    queue: IndexingQueue
    webhooks: WebhookRepository
    webhook_deliveries: WebhookDeliveryRepository
    request_counts: RequestCountRepository
    usage: UsageRepository
    usage_log: UsageLogRepository
    usage_intervals: UsageIntervals
    countable_chats: CountableChatRepository
    prices: PriceRepository
    prompt_versions: PromptVersionRepository
    evaluation_cases: EvaluationCaseRepository
    evaluation_runs: EvaluationRunRepository
    evaluation_results: EvaluationResultRepository
    unanswered: UnansweredRepository
    budgets: BudgetRepository
    audit: AuditRepository
    stored_counts: StoredCountsRepository
    channels: ChannelRepository
    channel_events: ChannelEventRepository
    inbox: InboxRepository
    inbox_turns: InboxTurnRepository
    outbox: OutboxRepository
    media: MediaRepository
    conversation_search: ConversationSearch
    changes: ChangeRepository
    read_marks: ReadMarkRepository
    message_words: MessageWordRepository
    conversation_names: ConversationNameRepository
    notes: NoteRepository
    labels: LabelRepository
    canned_replies: CannedReplyRepository
    presence: PresenceRepository
    visitor_sessions: VisitorSessionRepository

    def ensure_indexes(self) -> None:
        """Make all indexes that are not there yet."""
        for indexed in (
            self.users,
            self.invitations,
            self.attempts,
            self.usual_addresses,
            self.mail_outbox,
            self.administrator_removals,
            self.assistants,
            self.keys,
            self.documents,
            self.chunks,
            self.contacts,
            self.conversations,
            self.chats,
            self.erasures,
            self.webhook_deliveries,
            self.request_counts,
            self.usage,
            self.usage_intervals,
            self.prices,
            self.prompt_versions,
            self.evaluation_cases,
            self.evaluation_runs,
            self.evaluation_results,
            self.unanswered,
            self.budgets,
            self.audit,
            self.stored_counts,
            self.channels,
            self.channel_events,
            self.inbox,
            self.inbox_turns,
            self.outbox,
            self.media,
            self.read_marks,
            self.message_words,
            self.conversation_names,
            self.notes,
            self.labels,
            self.canned_replies,
            self.presence,
            self.visitor_sessions,
        ):
            repeated(indexed.ensure_indexes)


def open_repositories(
    database: Database[Row],
    dialect: Dialect,
    vault: KeyVault,
    clock: Clock,
    writes: OwnWrites | None = None,
    *,
    prompt: Database[Row] | None = None,
) -> Repositories:
    """The collections of a database; nothing is read or written yet.

    `writes`: those of the database's connection, where nobody else writes. `prompt`: the same database, for what
    providers post, who come again.
    """
    chunks = ChunkRepository(database)
    conversations = ConversationRepository(database, dialect)
    assistants, names = AssistantRepository(database, vault, dialect, writes), ConversationNameRepository(database)
    intervals = UsageIntervals(database, clock)
    return Repositories(
        users=UserRepository(database, dialect),
        invitations=InvitationRepository(database),
        user_tokens=UserTokenRepository(database, writes),
        attempts=LoginAttemptRepository(database, dialect),
        password_resets=PasswordResetRepository(database),
        mail_outbox=MailOutboxRepository(database, vault, dialect),
        usual_addresses=UsualAddressRepository(database, dialect),
        administrator_removals=AdministratorRemovalRepository(database, dialect),
        assistants=assistants,
        keys=KeyRepository(database, vault),
        documents=DocumentRepository(database, dialect),
        chunks=chunks,
        contacts=ContactRepository(database, dialect),
        knowledge=KnowledgeRepository(database, chunks),
        embedding_models=EmbeddingModelRepository(database, vault, clock),
        conversations=conversations,
        conversation_queue=ConversationQueueRepository(database),
        chats=ChatRepository(database, conversations, dialect),
        messages=MessageRepository(database, dialect, intervals),
        erasures=ErasureRepository(database),
        queue=IndexingQueue(database, f"{socket.gethostname()}/{new_id()}", clock),
        webhooks=WebhookRepository(database, vault),
        webhook_deliveries=WebhookDeliveryRepository(database, dialect),
        request_counts=RequestCountRepository(database, dialect),
        usage=UsageRepository(database),
        usage_log=UsageLogRepository(database),
        usage_intervals=intervals,
        countable_chats=CountableChatRepository(database),
        prices=PriceRepository(database),
        prompt_versions=PromptVersionRepository(database, dialect),
        evaluation_cases=EvaluationCaseRepository(database, dialect),
        evaluation_runs=EvaluationRunRepository(database, dialect),
        evaluation_results=EvaluationResultRepository(database),
        unanswered=UnansweredRepository(database, dialect),
        budgets=BudgetRepository(database),
        audit=AuditRepository(database, dialect),
        stored_counts=StoredCountsRepository(database, clock),
        channels=ChannelRepository(database, vault, prompt),
        channel_events=ChannelEventRepository(database, prompt),
        inbox=InboxRepository(database),
        inbox_turns=InboxTurnRepository(database, dialect),
        outbox=OutboxRepository(database, dialect),
        media=MediaRepository(database),
        conversation_search=ConversationSearch(conversations, names, assistants, dialect),
        changes=ChangeRepository(database, writes),
        read_marks=ReadMarkRepository(database),
        conversation_names=names,
        message_words=MessageWordRepository(database, dialect),
        notes=NoteRepository(database),
        labels=LabelRepository(database),
        canned_replies=CannedReplyRepository(database),
        presence=PresenceRepository(database),
        visitor_sessions=VisitorSessionRepository(database),
    )
