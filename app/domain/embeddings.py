"""Embedding models as the settings name them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EmbeddingSetting:
    """What EMBEDDING_MODEL says ("bundled", a folder, a model's name), and where a server with it is."""

    model: str
    base_url: str | None = None
    api_key: str | None = None
