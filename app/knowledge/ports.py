"""What the knowledge package needs from the rest of the service."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from app.domain.documents import Chunk, IndexedDocument


class ChunkSource(Protocol):
    """Reads the stored chunks of all assistants.

    A chunk never changes: its id is derived from its document, its text, and the model that embedded it.
    """

    def serving_model(self, assistant_id: str, preferred: str) -> str:
        """The embedding model whose index is searched.

        `preferred` once it has embedded all searchable documents, until then the older model that has.
        """
        ...

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        """All documents by id whose chunks were embedded by `model`, also those not visible now."""
        ...

    def chunk_ids(self, document_id: str, revision: str, model: str) -> Sequence[str]:
        """The chunks of one revision in order of position; none once the revision was replaced."""
        ...

    def chunks(self, document_id: str, chunk_ids: Sequence[str]) -> Iterable[Chunk]:
        """These chunks in any order; deleted ones are left out."""
        ...
