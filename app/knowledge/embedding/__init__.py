"""Turning text into vectors: the bundled model, a model in a folder, or one behind a server."""

from app.knowledge.embedding.chunk_embedder import ChunkEmbedder
from app.knowledge.embedding.embedder import Embedder, Embedders, EmbeddingModelError
from app.knowledge.embedding.loader import open_embedder
from app.knowledge.embedding.registry import ModelRegistry

__all__ = ["ChunkEmbedder", "Embedder", "Embedders", "EmbeddingModelError", "ModelRegistry", "open_embedder"]
