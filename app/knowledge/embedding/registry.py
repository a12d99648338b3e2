"""The embedding model of the settings, and older ones whose embeddings are still searched."""

import logging
import threading
from collections.abc import Callable

from app.knowledge.embedding.embedder import Embedder, EmbeddingModelError

_log = logging.getLogger(__name__)


class ModelRegistry:
    """Embedders by model; an older one is opened when it is first asked for.

    `open_older` returns None for a model it does not know, and may raise `EmbeddingModelError`.
    """

    def __init__(
        self, current: Embedder, open_older: Callable[[str], Embedder | None] = lambda model: None
    ) -> None:
        self._current = current
        self._open_older = open_older
        self._older: dict[str, Embedder | None] = {}
        self._lock = threading.Lock()

    @property
    def current(self) -> Embedder:
        """The model that the settings name."""
        return self._current

    def by_model(self, model: str) -> Embedder | None:
        """The model of this name; None where it can't be opened any more."""
        if model == self._current.model:
            return self._current
        with self._lock:
            if model not in self._older:
                self._older[model] = self._opened(model)
            return self._older[model]

    def _opened(self, model: str) -> Embedder | None:
        try:
            embedder = self._open_older(model)
        except EmbeddingModelError as error:
            _log.warning("The embedding model %s is searched by words alone: %s", model, error.message)
            return None
        if embedder is not None and embedder.model != model:
            _log.warning("What %s was is %s now: it is searched by words alone", model, embedder.model)
            return None
        return embedder
