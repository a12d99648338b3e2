"""Turning text into vectors: the bundled model, a model in a folder, or one behind a server."""

from app.knowledge.embedding.embedder import Embedder, Embedders, EmbeddingModelError
from app.knowledge.embedding.factory import open_embedder
from app.knowledge.embedding.shelf import EmbedderShelf

__all__ = ["Embedder", "EmbedderShelf", "Embedders", "EmbeddingModelError", "open_embedder"]
