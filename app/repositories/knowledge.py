"""What the knowledge index is made from: the documents that can be found, and their chunks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from app.domain.documents import Chunk, DocumentStatus, DocumentType, IndexedDocument, KnowledgeState, Task
from app.domain.rows import Row
from app.repositories.chunks import ChunkRepository
from app.repositories.document_rows import LIVE, visibility_of


class KnowledgeRepository:
    """The chunks of all assistants, as an index reads them."""

    def __init__(self, database: Database[Row], chunks: ChunkRepository) -> None:
        self._documents = database["documents"]
        self._models = database["embedding_models"]
        self._chunks = chunks

    def serving_model(self, assistant_id: str, preferred: str) -> str:
        """The embedding model to search with: `preferred`, unless more documents have one of another model.

        So an older model answers until the last document has embeddings of the preferred one; of several, the one
        that was used last.
        """
        used = self._models.find({}, {"_id": 1}).sort("_id", ASCENDING).limit(2)
        if [row["_id"] for row in used] == [preferred]:
            return preferred
        return self._serving(self._documents.find(_searchable(assistant_id), {"indexed_models": 1}), preferred)

    def state(self, assistant_id: str, preferred: str) -> KnowledgeState:
        """How far the knowledge of an assistant is."""
        wanted = {"indexed_models": 1, "status": 1, "chunks": 1, "task": 1, "progress": 1}
        rows = list(self._documents.find(_searchable(assistant_id), wanted))
        serving = self._serving(rows, preferred)
        indexed = [row for row in rows if row.get("indexed_models")]
        whole = sum(row["chunks"] for row in indexed)
        embedded = sum(row["chunks"] * _embedded_share(row, preferred) for row in indexed)
        return KnowledgeState(
            documents=Counter(DocumentStatus(row["status"]) for row in rows),
            chunks=sum(row["chunks"] for row in indexed if serving in row["indexed_models"]),
            model=serving,
            next_model=preferred if preferred != serving else None,
            progress=embedded / whole if whole else 1.0,
        )

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        """What has embeddings of `model` in this assistant's knowledge, by document id, visible now or not."""
        rows = self._documents.find({**_searchable(assistant_id), "indexed_models": model})
        return {
            str(row["_id"]): IndexedDocument(
                str(row["indexed_revision"]), row["filename"], row["chunks"], visibility_of(row)
            )
            for row in rows
        }

    def chunk_ids(self, document_id: str, revision: str, model: str) -> Sequence[str]:
        """The chunks of one revision, in order of position; none once the revision was replaced."""
        return self._chunks.chunk_ids(document_id, revision, model)

    def chunks(self, document_id: str, chunk_ids: Sequence[str]) -> Iterable[Chunk]:
        """These chunks in any order; those that are gone are left out."""
        return self._chunks.chunks(document_id, chunk_ids)

    def _serving(self, rows: Iterable[Row], preferred: str) -> str:
        models = Counter({preferred: 0})
        for row in rows:
            models.update(row.get("indexed_models", ()))
        most = [model for model, count in models.items() if count == max(models.values())]
        if preferred in most or len(most) == 1:
            return preferred if preferred in most else most[0]
        used = self._models.find({"_id": {"$in": most}}).sort("used_at", DESCENDING)
        return next((row["_id"] for row in used), most[0])


def _embedded_share(row: Row, model: str) -> float:
    """How much of a document has embeddings of a model."""
    if model in row["indexed_models"]:
        return 1.0
    return float(row["progress"]) if row.get("task") == Task.EMBED else 0.0


def _searchable(assistant_id: str) -> Row:
    return {"assistant_id": ObjectId(assistant_id), "state": LIVE, "type": DocumentType.RAG}
