"""From one embedding model to another, while the old one goes on answering."""

from app.services.ports import Chunks, EmbeddingModels, Queue

_KEPT = 2


class ModelChange:
    """Drops the embeddings of models that nobody will go back to."""

    def __init__(self, models: EmbeddingModels, queue: Queue, chunks: Chunks) -> None:
        self._models = models
        self._queue = queue
        self._chunks = chunks

    def sweep(self) -> None:
        """Once everything has embeddings of the present model, keep those of the one before it and no others."""
        used = self._models.used()
        if len(used) <= _KEPT or self._queue.has_work():
            return
        for model in used[_KEPT:]:
            if not self._models.is_needed(model, used[0]):
                self._models.forget(model)
                self._chunks.delete_of_model(model)
