"""The services, from engines and settings."""

from dataclasses import dataclass

from pymongo.errors import ConnectionFailure

from app.knowledge.extraction import SUPPORTED, Extractor
from app.knowledge.pipeline import Pipeline
from app.knowledge.retriever import Retriever
from app.security.keys import KeyVault
from app.security.secret import derive
from app.services.access import Access
from app.services.assistant_remains import AssistantRemains
from app.services.assistants import AssistantService
from app.services.auth import AuthService, RegistrationPolicy
from app.services.chats import ChatService
from app.services.conversation_views import ConversationService
from app.services.conversations import ConversationKeeper
from app.services.document_remains import DocumentRemains
from app.services.documents import DocumentService
from app.services.erasure import Erasure
from app.services.folder_sync import FolderSync
from app.services.housekeeping import Housekeeper
from app.services.human_messages import HumanMessages
from app.services.indexing import Indexer
from app.services.indexing_pool import IndexingPool
from app.services.messages import MessageService
from app.services.ownership import Ownership
from app.services.readiness import Readiness
from app.services.uploads import UploadLimits, UploadService
from app.settings import Settings
from app.storage.documents_folder import DocumentsFolder
from app.wiring.engines import Engines
from app.wiring.messages import compose_messages, rules_of
from app.wiring.repositories import open_repositories

_INDEXING_THREADS = 2
_INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Services:
    """Everything the routes and the commands use; `outages` are exceptions that mean: no database."""

    auth: AuthService
    assistants: AssistantService
    documents: DocumentService
    chats: ChatService
    messages: MessageService
    human_messages: HumanMessages
    conversations: ConversationService
    readiness: Readiness
    folder_sync: FolderSync
    pool: IndexingPool
    housekeeper: Housekeeper
    retriever: Retriever
    token_secret: bytes
    outages: tuple[type[Exception], ...] = (ConnectionFailure,)

    def start(self) -> None:
        """Begin the work in the background."""
        self.pool.start(_INDEXING_THREADS)
        self.housekeeper.start()

    def stop(self) -> None:
        """End it."""
        self.housekeeper.stop()
        self.pool.stop()
        self.retriever.close()


def compose(settings: Settings, engines: Engines) -> Services:
    """Put everything together; makes the database's indexes, starts nothing."""
    clock = engines.clock
    vault = KeyVault(engines.secret)
    rows = open_repositories(engines.database, vault, clock)
    files = DocumentsFolder(settings.documents_dir)
    files.prepare()
    pipeline = Pipeline(Extractor(settings.data_dir / "scratch"), engines.embedder)
    retriever = Retriever(
        rows.chunks,
        engines.embedder,
        engines.index_folder,
        settings.context_characters,
        loading_seconds=settings.llm_timeout_seconds / 2,
    )
    access = Access(rows.assistants)
    keeper = ConversationKeeper(rows.conversations, rows.chats, clock)
    indexer = Indexer(rows.queue, rows.chunks, rows.assistants, files, pipeline)
    pool = IndexingPool(indexer, rows.queue, rows.documents, rows.assistants, retriever)
    uploads = UploadService(rows.documents, files, pool, clock, UploadLimits(settings.max_upload_bytes, SUPPORTED))
    owned = (rows.documents, rows.conversations, rows.chats)
    ownership = Ownership(rows.assistants, rows.users, owned, clock)
    assistant_remains = AssistantRemains(rows.assistants, (*owned, rows.chunks), files, retriever, clock)
    document_remains = DocumentRemains(rows.documents, rows.chunks, rows.assistants, files, clock)
    erasure = Erasure(rows.erasures, rows.conversations, rows.chats, clock)
    chats = ChatService(access, rows.chats, rows.conversations, keeper)
    if engines.sole_owner:
        rows.queue.release_all()
        rows.messages.release_interrupted(clock() - rules_of(settings).longest, _INTERRUPTED)
    rows.queue.requeue_other_models(pipeline.model)
    return Services(
        auth=AuthService(
            rows.users,
            rows.attempts,
            engines.passwords,
            clock,
            RegistrationPolicy(settings.registration, settings.admin_emails),
        ),
        assistants=AssistantService(rows.assistants, ownership, vault, assistant_remains, clock),
        documents=DocumentService(access, rows.documents, files, uploads, document_remains),
        chats=chats,
        messages=compose_messages(settings, engines, rows, retriever, keeper),
        human_messages=HumanMessages(access, chats, keeper, rows.messages, clock),
        conversations=ConversationService(access, rows.conversations, rows.chats, erasure),
        readiness=Readiness(
            {
                "database": lambda: engines.database.command("ping"),
                "knowledge": files.check,
                "embedding model": lambda: engines.embedder.embed_query("pronto?"),
            }
        ),
        folder_sync=FolderSync(rows.assistants, rows.documents, files, uploads),
        pool=pool,
        housekeeper=Housekeeper(
            (
                assistant_remains.sweep,
                document_remains.sweep,
                ownership.sweep,
                keeper.sweep,
                erasure.sweep,
                pool.sweep,
            )
        ),
        retriever=retriever,
        token_secret=derive(engines.secret, "tokens"),
    )
