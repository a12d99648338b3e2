"""The way of a document, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.domain.errors import ModelError
from app.extraction.extractor import Extractor
from app.extraction.formats import PICTURES, SUPPORTED
from app.jobs import HueyJobs
from app.knowledge.embedding import Embedder, EmbedderShelf
from app.knowledge.pipeline import Pipeline
from app.knowledge.retriever import Retriever
from app.repositories.upgrade import adopt_chunks_without_editions
from app.security.secret import derive
from app.services.access import Access
from app.services.announcements import Announcements
from app.services.document_changes import DocumentChanges
from app.services.document_remains import DocumentRemains
from app.services.document_work import DocumentWork
from app.services.documents import DocumentService
from app.services.embedding import Embedding
from app.services.indexing import Indexer
from app.services.indexing_jobs import IndexingJobs
from app.services.model_change import ModelChange
from app.services.page_refresh import PageRefresher
from app.services.pages import PageService
from app.services.ports.documents import Lane
from app.services.uploads import UploadLimits, UploadService
from app.settings import Settings
from app.storage.documents_folder import DocumentsFolder
from app.wiring.engines import Engines, reveal
from app.wiring.repositories import Repositories

_PROBE = "pronto?"


@dataclass(frozen=True)
class KnowledgeServices:
    """All that has to do with documents."""

    documents: DocumentService
    changes: DocumentChanges
    work: DocumentWork
    pages: PageService
    refresher: PageRefresher
    uploads: UploadService
    remains: DocumentRemains
    indexing: IndexingJobs
    model_change: ModelChange
    retriever: Retriever
    jobs: HueyJobs
    check_embedding: Callable[[], None]


def compose_knowledge(
    settings: Settings, engines: Engines, rows: Repositories, files: DocumentsFolder, access: Access
) -> KnowledgeServices:
    """The services that take documents in and find passages in them."""
    clock = engines.clock
    embedders = _embedders(engines, rows)
    pipeline = Pipeline(Extractor(settings.data_dir / "scratch"), embedders)
    retriever = Retriever(
        rows.knowledge,
        embedders,
        engines.index_folder,
        settings.context_characters,
        clock=clock,
        memory_bytes=settings.index_memory_mb * 2**20,
        loading_seconds=settings.llm_timeout_seconds / 2,
    )
    news = Announcements(rows.assistants, retriever)
    embedding = Embedding(rows.chunks, rows.documents, rows.knowledge, files, pipeline)
    jobs = _open_jobs(settings, engines)
    indexer = Indexer(rows.queue, embedding, news, files, pipeline)
    indexing = IndexingJobs(jobs, indexer, rows.queue, rows.documents, clock, slow_extensions=tuple(PICTURES))
    limits = UploadLimits(settings.max_upload_bytes, SUPPORTED)
    uploads = UploadService(rows.documents, files, indexing, news, clock=clock, limits=limits)
    remains = DocumentRemains(rows.documents, rows.chunks, news, files, clock)
    documents = DocumentService(access, rows.documents, files, uploads, remains)
    if engines.sole_owner:
        rows.queue.release_all()
    adopt_chunks_without_editions(engines.database, rows.chunks)
    rows.queue.requeue(pipeline.model, pipeline.text_version)
    return KnowledgeServices(
        documents=documents,
        changes=DocumentChanges(documents, rows.documents, news, clock),
        work=DocumentWork(documents, rows.queue, indexing, rows.chunks, pipeline.model),
        pages=PageService(access, engines.fetcher, uploads),
        refresher=PageRefresher(rows.assistants, rows.documents, engines.fetcher, uploads, clock),
        uploads=uploads,
        remains=remains,
        indexing=indexing,
        model_change=ModelChange(rows.embedding_models, rows.queue, rows.chunks, pipeline.model, clock),
        retriever=retriever,
        jobs=jobs,
        check_embedding=partial(_check_embedding, embedders, rows),
    )


def _embedders(engines: Engines, rows: Repositories) -> EmbedderShelf:
    def open_older(model: str) -> Embedder | None:
        setting = rows.embedding_models.setting_of(model)
        return engines.open_embedder(setting) if setting else None

    rows.embedding_models.use(engines.embedder.model, engines.embedding)
    return EmbedderShelf(engines.embedder, open_older)


def _check_embedding(embedders: EmbedderShelf, rows: Repositories) -> None:
    """Raise unless questions can be embedded; while a change of models is under way, by the one before."""
    try:
        embedders.current.embed_query(_PROBE)
    except ModelError:
        before = next(iter(rows.embedding_models.used()[1:]), None)
        embedder = embedders.by_model(before) if before and rows.queue.has_work() else None
        if embedder is None:
            raise
        embedder.embed_query(_PROBE)


def _open_jobs(settings: Settings, engines: Engines) -> HueyJobs:
    secret = derive(engines.secret, "jobs")
    jobs = HueyJobs(reveal(settings.queue_url), settings.data_dir / "queue.sqlite3", secret)
    jobs.open(*Lane)
    if engines.sole_owner:
        jobs.clear()
    return jobs
