"""The evaluation of an assistant's retrieval: it reads the database and writes nothing to it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.knowledge.embedding import ModelRegistry
from app.services.evaluation import Evaluator
from app.settings import Settings
from app.wiring.database import database_failures_explained
from app.wiring.documents import older_model_opener, open_retriever
from app.wiring.engines import embedder_opener, embedding_of, open_whole_database, vault_of
from app.wiring.repositories import open_repositories


@contextmanager
def open_evaluator(settings: Settings) -> Iterator[Evaluator]:
    """An evaluator beside the service or alone; the indexes it needs are built in a temporary folder.

    Raises `UnavailableError`, `ArchiveError`, `EmbeddingModelError`.
    """
    with database_failures_explained(), ExitStack() as closing:
        opened = open_whole_database(settings, closing, beside_service=True)
        vault = vault_of(settings)
        rows = open_repositories(opened.database, opened.dialect, vault, lambda: datetime.now(UTC))
        opener = embedder_opener(settings)
        models = ModelRegistry(opener(embedding_of(settings)), older_model_opener(opener, rows))
        folder = Path(closing.enter_context(TemporaryDirectory(prefix="orquestradora-")))
        retriever = open_retriever(settings, rows, models, folder, lambda: datetime.now(UTC))
        closing.callback(retriever.close)
        yield Evaluator(rows.assistants, retriever)
