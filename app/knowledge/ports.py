"""What the index needs from the rest of the service."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from app.domain.documents import Chunk, IndexedDocument


class ChunkSource(Protocol):
    """Where the chunks of all assistants are kept."""

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        """The searchable documents by id: those whose chunks were embedded by `model`."""
        ...

    def chunks(self, document_id: str, revision: str) -> Iterable[Chunk]:
        """The chunks of one revision in order of position; fewer, or none, once the revision was replaced."""
        ...
