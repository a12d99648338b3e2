"""Composes the services that index documents and search them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.domain.embeddings import EmbeddingSetting
from app.domain.errors import ModelError
from app.extraction.extractor import Extractor
from app.extraction.formats import PICTURES, SUPPORTED
from app.jobs import HueyJobs
from app.knowledge.chunking import TEXT_VERSION, split
from app.knowledge.embedding import ChunkEmbedder, Embedder, ModelRegistry
from app.knowledge.retriever import Retriever
from app.security.secret import derive
from app.services.access import Access
from app.services.document_changes import DocumentChanges
from app.services.document_cleanup import DocumentCleanup
from app.services.document_indexing import DocumentIndexing
from app.services.document_reader import DocumentReader
from app.services.documents import DocumentService
from app.services.editions import EditionBuilder
from app.services.fair_share import share_of_long_requests
from app.services.index_refresh import IndexRefresher
from app.services.indexing import Indexer
from app.services.indexing_jobs import IndexingJobs
from app.services.indexing_outcome import IndexingOutcome
from app.services.indexing_waits import IndexingWaits
from app.services.model_migration import ModelMigration
from app.services.page_refresh import PageRefresher
from app.services.ports import Clock
from app.services.ports.documents import Lane
from app.services.ports.knowledge import Splitter
from app.services.ports.webhooks import Events
from app.services.prompts import PromptHistory, PromptService
from app.services.prompts.writer import PromptWriter
from app.services.quotas import DocumentQuota
from app.services.uploads import UploadLimits, UploadService
from app.services.web_pages import PageService
from app.services.webhooks.document_events import DocumentEvents
from app.settings import Settings
from app.storage.documents_folder import DocumentsFolder
from app.wiring.audit import audit_log
from app.wiring.database import reveal
from app.wiring.engines import Engines
from app.wiring.repositories import Repositories
from app.wiring.threads import thread_count

_PROBE = "pronto?"


@dataclass(frozen=True)
class DocumentServices:
    """The services for documents, and what the other services need of them."""

    documents: DocumentService
    changes: DocumentChanges
    document_indexing: DocumentIndexing
    pages: PageService
    refresher: PageRefresher
    index_refresher: IndexRefresher
    uploads: UploadService
    prompts: PromptService
    cleanup: DocumentCleanup
    indexing: IndexingJobs
    model_migration: ModelMigration
    retriever: Retriever
    jobs: HueyJobs
    check_embedding: Callable[[], None]


def compose_documents(
    settings: Settings,
    engines: Engines,
    rows: Repositories,
    files: DocumentsFolder,
    access: Access,
    *,
    events: Events,
) -> DocumentServices:
    """Compose the services for documents."""
    clock, audit = engines.clock, audit_log(rows, engines.clock)
    embedders = ModelRegistry(engines.embedder, older_model_opener(engines.open_embedder, rows))
    rows.embedding_models.use(engines.embedder.model, engines.embedding)
    embedder = ChunkEmbedder(embedders)
    retriever = open_retriever(settings, rows, embedders, engines.index_folder, clock)
    editions = EditionBuilder(
        rows.chunks, rows.documents, rows.knowledge, files, embedder, splitter=Splitter(TEXT_VERSION, split)
    )
    prompts = PromptHistory(rows.prompt_versions, rows.assistants, clock)
    refresher = IndexRefresher(rows.assistants, retriever)
    jobs = open_jobs(settings, engines, *Lane)
    reader = DocumentReader(files, Extractor(settings.data_dir / "scratch"))
    indexer = _indexer(rows, reader, editions, refresher, events=events, prompts=prompts)
    long_requests = share_of_long_requests(thread_count(settings))
    waits = IndexingWaits(rows.documents, long_requests)
    indexing = IndexingJobs(jobs, indexer, rows.queue, waits, clock, slow_extensions=tuple(PICTURES))
    limits = UploadLimits(settings.max_upload_bytes, SUPPORTED)
    quota = DocumentQuota(rows.documents, settings.quota_documents, settings.quota_megabytes)
    uploads = UploadService(
        rows.documents, files, indexing, rows.assistants, clock=clock, limits=limits, quota=quota
    )
    cleanup = DocumentCleanup(rows.documents, rows.chunks, rows.assistants, files, clock)
    documents = DocumentService(access, rows.documents, files, uploads, cleanup, prompts=prompts, audit=audit)
    if engines.sole_owner:
        rows.queue.release_all()
    rows.queue.requeue(embedder.model, TEXT_VERSION)
    return DocumentServices(
        documents=documents,
        changes=DocumentChanges(documents, rows.documents, rows.assistants, clock, audit),
        document_indexing=DocumentIndexing(
            documents, rows.queue, indexing, rows.chunks, embedder.model, audit=audit
        ),
        pages=PageService(access, engines.fetcher, uploads, long_requests, audit),
        refresher=PageRefresher(rows.assistants, rows.documents, engines.fetcher, uploads, clock),
        index_refresher=refresher,
        uploads=uploads,
        prompts=PromptService(
            access,
            rows.prompt_versions,
            prompts,
            PromptWriter(rows.documents, uploads, cleanup, prompts),
            audit,
        ),
        cleanup=cleanup,
        indexing=indexing,
        model_migration=ModelMigration(rows.embedding_models, rows.queue, rows.chunks, embedder.model, clock),
        retriever=retriever,
        jobs=jobs,
        check_embedding=partial(_check_embedding, embedders, rows),
    )


def _indexer(
    rows: Repositories,
    reader: DocumentReader,
    editions: EditionBuilder,
    refresher: IndexRefresher,
    *,
    events: Events,
    prompts: PromptHistory,
) -> Indexer:
    document_events = DocumentEvents(events, rows.assistants, rows.documents)
    outcome = IndexingOutcome(rows.queue, rows.assistants, refresher, document_events, prompts)
    return Indexer(rows.queue, reader, editions, outcome)


def older_model_opener(
    open_embedder: Callable[[EmbeddingSetting], Embedder], rows: Repositories
) -> Callable[[str], Embedder | None]:
    """Opens an embedding model as it was opened when it was used here; None for one that never was."""

    def opened(model: str) -> Embedder | None:
        setting = rows.embedding_models.setting_of(model)
        return open_embedder(setting) if setting else None

    return opened


def open_retriever(
    settings: Settings, rows: Repositories, embedders: ModelRegistry, index_folder: Path, clock: Clock
) -> Retriever:
    """What searches, with its indexes in a folder that no other process uses."""
    return Retriever(
        rows.knowledge,
        embedders,
        index_folder,
        settings.context_characters,
        clock=clock,
        memory_bytes=settings.index_memory_mb * 2**20,
        loading_seconds=settings.llm_timeout_seconds / 2,
    )


def _check_embedding(embedders: ModelRegistry, rows: Repositories) -> None:
    """Raise unless texts can be embedded; while a change of models is under way, by the model before.

    As passages, whose vectors nobody remembers: a server that went away would still know an old question's.
    """
    try:
        embedders.current.embed_passages([_PROBE])
    except ModelError:
        before = next(iter(rows.embedding_models.used()[1:]), None)
        embedder = embedders.by_model(before) if before and rows.queue.has_work() else None
        if embedder is None:
            raise
        embedder.embed_passages([_PROBE])


def open_jobs(settings: Settings, engines: Engines, *lanes: str) -> HueyJobs:
    """The queues of these lanes; raises `UnavailableError`."""
    secret, *old = (derive(one, "jobs") for one in (engines.secret, *engines.old_secrets))
    jobs = HueyJobs(reveal(settings.queue_url), settings.data_dir / "queue.sqlite3", secret, old)
    jobs.open(*lanes)
    if engines.sole_owner:
        jobs.clear()
    return jobs
