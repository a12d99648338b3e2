"""The services, from engines and settings."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain.channels import ChannelKind
from app.domain.errors import OrquestradoraError
from app.domain.ids import new_id
from app.knowledge.index.process_folders import IndexFolders
from app.knowledge.retriever import Retriever
from app.net.reachability import OwnAddress
from app.security.keys import KeyVault
from app.security.secret import derive
from app.services.access import Access
from app.services.assistant_cleanup import AssistantCleanup
from app.services.assistants import AssistantService
from app.services.audit import AuditHistory
from app.services.channels.disconnecting import DisconnectedChannels
from app.services.chat_media import ChatMedia
from app.services.chats import ChatService
from app.services.conversation_retention import ConversationRetention
from app.services.conversations import ConversationSwitch
from app.services.document_changes import DocumentChanges
from app.services.document_indexing import DocumentIndexing
from app.services.documents import DocumentService
from app.services.erasure import Erasure
from app.services.fair_share import FairShare
from app.services.folder_sync import FolderSync
from app.services.human_messages import HumanMessages
from app.services.index_cleanup import IndexCleanup
from app.services.index_refresh import IndexRefresher
from app.services.indexing_jobs import IndexingJobs
from app.services.keys import KeyService
from app.services.knowledge import KnowledgeService
from app.services.messages import MessageService
from app.services.messages.completion import INTERRUPTED
from app.services.overview import OverviewService
from app.services.ownership import Ownership
from app.services.periodic_tasks import PeriodicTasks
from app.services.ports.conversations import ConversationRows
from app.services.ports.tracing import Tracing
from app.services.prompts import PromptService
from app.services.quotas import AssistantQuota
from app.services.rate_limits import RateLimiter
from app.services.readiness import Readiness
from app.services.service_export import ExportService
from app.services.web_pages import PageService
from app.settings import Settings
from app.storage.documents_folder import DocumentsFolder
from app.wiring.administration import compose_export, compose_overview
from app.wiring.audit import compose_audit
from app.wiring.channel_providers import web_provider
from app.wiring.channels import ChannelServices, compose_channels
from app.wiring.disk import database_disk_of, disk_of, error_translator
from app.wiring.documents import compose_documents
from app.wiring.engines import Engines, provider_client
from app.wiring.inbox import InboxServices, compose_inbox
from app.wiring.media import compose_media
from app.wiring.messages import compose_messages
from app.wiring.metrics import MetricsServices, compose_metrics
from app.wiring.people import PeopleServices, compose_people
from app.wiring.rate_limits import compose_rate_limits
from app.wiring.repositories import open_repositories
from app.wiring.usage import CountedChats, UsageServices, compose_usage
from app.wiring.webhooks import WebhookServices, compose_webhooks
from app.wiring.workshop import WorkshopServices, compose_workshop

# Whoever reads usage counts what is uncounted first; this keeps that little.
_COUNTING_SECONDS = 10


@dataclass(frozen=True)
class Services:
    """Everything the routes and the commands use; `translate` says which of our errors a database's error is.

    Of `token_secrets` the first signs, and all are believed. `require_room` raises `DiskFullError` while nothing
    can be written.
    """

    people: PeopleServices
    assistants: AssistantService
    keys: KeyService
    documents: DocumentService
    document_changes: DocumentChanges
    document_indexing: DocumentIndexing
    pages: PageService
    prompts: PromptService
    knowledge: KnowledgeService
    chats: ChatService
    chat_media: ChatMedia
    messages: MessageService
    human_messages: HumanMessages
    inbox: InboxServices
    webhooks: WebhookServices
    channels: ChannelServices
    audit: AuditHistory
    metrics: MetricsServices
    tracing: Tracing | None
    readiness: Readiness
    overview: OverviewService
    export: ExportService
    folder_sync: FolderSync
    indexing: IndexingJobs
    index_refresher: IndexRefresher
    cleanup: PeriodicTasks
    page_refresh: PeriodicTasks
    usage_counting: PeriodicTasks
    usage: UsageServices
    workshop: WorkshopServices
    retriever: Retriever
    rate_limiter: RateLimiter
    thread_share: FairShare
    count_sharing: PeriodicTasks
    token_secrets: tuple[bytes, ...]
    translate: Callable[[Exception], OrquestradoraError | None]
    require_room: Callable[[], None]

    def start(self) -> None:
        """Begin the work in the background."""
        self.indexing.start()
        self.workshop.evaluations.start()
        self.cleanup.start()
        self.page_refresh.start()
        self.count_sharing.start()
        self.usage_counting.start()
        self.inbox.indexing.start()
        self.metrics.refreshing.start()
        if self.people.mail_sending:
            self.people.mail_sending.start()
        self.webhooks.dispatcher.start()
        self.channels.start()

    def stop(self) -> None:
        """End it."""
        self.channels.stop()
        if self.people.mail_sending:
            self.people.mail_sending.stop()
        self.count_sharing.stop()
        self.cleanup.stop()
        self.page_refresh.stop()
        self.usage_counting.stop()
        self.inbox.indexing.stop()
        self.metrics.refreshing.stop()
        self.webhooks.dispatcher.stop()
        self.workshop.evaluations.stop()
        self.indexing.stop()
        self.index_refresher.stop()
        self.retriever.close()


def compose(settings: Settings, engines: Engines) -> Services:
    """Put everything together; makes the database's indexes, starts nothing."""
    clock = engines.clock
    vault = KeyVault(engines.secret, engines.old_secrets)
    rows = open_repositories(engines.database, engines.dialect, vault, clock, engines.writes, prompt=engines.prompt)
    rows.ensure_indexes()
    widget = {ChannelKind.WEB: web_provider(rows.visitor_sessions)}
    engines = replace(engines, providers={**widget, **engines.providers})
    files = DocumentsFolder(settings.documents_dir)
    files.prepare()
    access = Access(rows.assistants)
    webhooks = compose_webhooks(settings, engines, rows, access)
    knowledge = compose_documents(settings, engines, rows, files, access, events=webhooks.events)
    retriever = knowledge.retriever
    switch = ConversationSwitch(
        rows.conversations, rows.conversation_queue, rows.messages, webhooks.conversations, clock
    )
    usage = compose_usage(settings, rows, clock, webhooks.events)
    metrics = compose_metrics(settings, rows)
    media = compose_media(settings, engines, rows, access, usage, on_refused=metrics.media_refused)
    engines = replace(engines, answerer=engines.tracing.answerer(metrics.metered(engines.answerer, settings)))
    owned = (rows.documents, rows.conversations, rows.chats, rows.audit, rows.channels, rows.contacts)
    audit = compose_audit(settings, rows, access, clock)
    ownership = Ownership(rows.assistants, rows.users, owned, clock)
    assistant_cleanup = AssistantCleanup(
        rows.assistants,
        (
            *(rows.documents, rows.conversations, CountedChats(usage.counting, rows.chats), rows.budgets),
            *(rows.chunks, rows.webhook_deliveries, rows.invitations, rows.prompt_versions),
            *(rows.evaluation_cases, rows.evaluation_runs, rows.evaluation_results, rows.unanswered),
            DisconnectedChannels(rows.channels, engines.providers),
            *(rows.channel_events, rows.inbox, rows.outbox, rows.contacts),
            media.folder,
            *(
                rows.message_words,
                rows.conversation_names,
                rows.read_marks,
                rows.notes,
                rows.labels,
                rows.canned_replies,
                rows.presence,
            ),
            rows.visitor_sessions,
        ),
        files,
        retriever,
        clock,
    )
    folders = IndexFolders(engines.index_folder, retriever.forget)
    index_cleanup = IndexCleanup(rows.assistants, folders, clock)
    erased: dict[str, ConversationRows] = {
        "chats": usage.counting,
        "webhook_deliveries": rows.webhook_deliveries,
        "channel_events": rows.channel_events,
        "inbox": rows.inbox,
        "outbox": rows.outbox,
        "contacts": rows.contacts,
        "unanswered_questions": rows.unanswered,
        "media": media.folder,
        "message_words": rows.message_words,
        "conversation_names": rows.conversation_names,
        "notes": rows.notes,
        "read_marks": rows.read_marks,
        "presence": rows.presence,
        "visitor_sessions": rows.visitor_sessions,
    }
    erasure = Erasure(
        rows.erasures,
        rows.conversations,
        erased,
        clock,
        audit.log,
    )
    retention = ConversationRetention(rows.assistants, rows.conversations, erasure, clock)
    chats = ChatService(access, rows.chats, rows.conversations, switch, audit.log)
    if engines.sole_owner:
        rows.messages.release_interrupted(INTERRUPTED)
        usage.counting.count_all()
    people = compose_people(settings, engines, rows)
    messages = compose_messages(
        settings,
        engines,
        rows,
        engines.tracing.knowledge(retriever),
        switch,
        usage=usage,
        announcer=webhooks.messages,
        pictures=media.pictures,
    )
    metrics.watch(retriever, messages.share)
    rate_limits = compose_rate_limits(settings, rows)
    human_messages = HumanMessages(access, chats, switch, rows.messages, clock, audit=audit.log)
    channels = compose_channels(
        rows,
        engines.providers,
        access,
        messages.of_channels,
        human_messages,
        switch=switch,
        media=media.intake,
        has_room=media.quota.has_room,
        longest_message=settings.max_message_characters,
        own_address=OwnAddress(provider_client(settings)),
        limit=messages.limit_of_channels,
        events=webhooks.events,
        audit=audit.log,
        on_attempt=metrics.channel_attempt,
        clock=clock,
    )
    workshop = compose_workshop(
        settings,
        engines,
        rows,
        files,
        access,
        documents=knowledge,
        chats=chats,
        usage=usage,
        audit=audit.log,
    )
    readiness = Readiness(
        {
            "database": lambda: rows.assistants.by_id(new_id()),
            "disk": disk_of(settings).require,
            "knowledge": files.check,
            "queue": knowledge.jobs.check,
            "embedding model": knowledge.check_embedding,
        }
    )
    export = compose_export(settings, engines, audit.log)
    return Services(
        people=people,
        assistants=AssistantService(
            rows.assistants,
            ownership,
            vault,
            assistant_cleanup,
            clock,
            rules=usage.rules,
            quota=AssistantQuota(rows.assistants, settings.quota_assistants),
            audit=audit.log,
        ),
        keys=KeyService(access, rows.keys, vault, clock, audit.log),
        documents=knowledge.documents,
        document_changes=knowledge.changes,
        document_indexing=knowledge.document_indexing,
        pages=knowledge.pages,
        prompts=knowledge.prompts,
        knowledge=KnowledgeService(access, rows.knowledge, retriever, engines.embedder.model),
        chats=chats,
        chat_media=media.of_chats,
        messages=messages.messages,
        human_messages=human_messages,
        inbox=compose_inbox(rows, access, erasure, clock, audit.log),
        webhooks=webhooks,
        channels=channels,
        audit=audit.history,
        metrics=metrics,
        tracing=engines.tracing.tracing,
        readiness=readiness,
        export=export,
        overview=compose_overview(settings, rows, readiness, messages.share, engines.embedder.model),
        folder_sync=FolderSync(rows.assistants, rows.documents, files, knowledge.uploads),
        indexing=knowledge.indexing,
        index_refresher=knowledge.index_refresher,
        cleanup=PeriodicTasks(
            (
                assistant_cleanup.sweep,
                index_cleanup.sweep,
                knowledge.cleanup.sweep,
                ownership.sweep,
                people.invitations.sweep,
                messages.completion.sweep,
                erasure.sweep,
                retention.sweep,
                lambda: engines.dialect.delete_expired(clock()),
                knowledge.indexing.sweep,
                workshop.evaluations.sweep,
                workshop.grouping.sweep,
                knowledge.model_migration.sweep,
                webhooks.sweep,
                channels.sweep,
                media.of_chats.sweep,
                audit.history.sweep,
                export.sweep,
                lambda: rows.presence.forget(clock()),
            )
        ),
        # By itself, as it waits for other people's servers.
        page_refresh=PeriodicTasks((knowledge.refresher.sweep,)),
        usage_counting=PeriodicTasks((usage.counting.count,), _COUNTING_SECONDS),
        usage=usage,
        workshop=workshop,
        retriever=retriever,
        thread_share=messages.share,
        rate_limiter=rate_limits.limiter,
        count_sharing=rate_limits.sharing,
        token_secrets=tuple(derive(one, "tokens") for one in (engines.secret, *engines.old_secrets)),
        translate=error_translator(settings),
        require_room=database_disk_of(settings).require,
    )
