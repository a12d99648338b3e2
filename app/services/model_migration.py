"""Migrates all documents to another embedding model, while the old one still answers."""

from datetime import timedelta

from app.services.ports import Clock
from app.services.ports.documents import Queue
from app.services.ports.knowledge import Chunks, EmbeddingModels

_KEPT = 2
_AT_ONCE = 200
# So long after a start another process, with the settings before, may still be at work.
_OVERLAP = timedelta(hours=1)


class ModelMigration:
    """Has every document embedded by `model`, and deletes embeddings of models that are no longer needed."""

    def __init__(self, models: EmbeddingModels, queue: Queue, chunks: Chunks, model: str, clock: Clock) -> None:
        self._model = model
        self._clock = clock
        self._watched_until = clock() + _OVERLAP
        self._models = models
        self._queue = queue
        self._chunks = chunks

    def sweep(self) -> None:
        """Queue documents that lack embeddings; once none does, keep only the present model and the one before."""
        used = self._models.used()
        if len(used) > 1 and self._clock() < self._watched_until:
            self._queue.embed_lacking(self._model)
        if len(used) <= _KEPT or self._queue.has_work():
            return
        for model in used[_KEPT:]:
            if not self._models.is_needed(model):
                self._retire(model)

    def _retire(self, model: str) -> None:
        """Drop what a model made, some documents at a time; cut off anywhere, it goes on later.

        No document names chunks that are gone. What a crash leaves goes with the next change of its document.
        """
        while document_ids := self._models.documents_of(model, _AT_ONCE):
            self._models.retire(model, document_ids)
            self._chunks.delete_of_model(document_ids, model)
        self._models.forget(model)
