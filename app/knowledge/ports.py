"""What the index needs from the rest of the service."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from app.domain.documents import Chunk, IndexedDocument


class ChunkSource(Protocol):
    """Where the chunks of all assistants are kept.

    A chunk never changes: its id stands for its document, what it says, and the model that embedded it.
    """

    def serving_model(self, assistant_id: str, preferred: str) -> str:
        """The embedding model whose index answers.

        `preferred` once all searchable documents are embedded by it, else the older one that covers them.
        """
        ...

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        """All documents by id whose chunks were embedded by `model`, also those not visible now."""
        ...

    def chunk_ids(self, document_id: str, revision: str, model: str) -> Sequence[str]:
        """The chunks of one revision in order of position; none once the revision was replaced."""
        ...

    def chunks(self, document_id: str, chunk_ids: Sequence[str]) -> Iterable[Chunk]:
        """These chunks in any order; those that are gone are left out."""
        ...
