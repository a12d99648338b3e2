"""The collection `chunks`: what is searched, with its embedding, shared by all processes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from app.domain.documents import Chunk, DocumentType, IndexedDocument
from app.repositories.document_rows import LIVE
from app.repositories.mongo import Row

_BATCH = 200
_DUPLICATE_KEY = 11000


class ChunkRepository:
    """Chunks of all revisions; which revision counts is said by its document."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["chunks"]
        self._documents = database["documents"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        keys = [("document_id", ASCENDING), ("revision", ASCENDING), ("position", ASCENDING)]
        self._rows.create_index(keys, unique=True)
        self._rows.create_index([("assistant_id", ASCENDING)])

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Store chunks of one document; those that are there already (a repeated write) stay."""
        try:
            if chunks:
                self._rows.insert_many([_to_row(chunk) for chunk in chunks], ordered=False)
        except BulkWriteError as error:
            if any(problem["code"] != _DUPLICATE_KEY for problem in error.details["writeErrors"]):
                raise

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        """What can be found in this assistant's knowledge, by document id; `model` is the embedding model."""
        rows = self._documents.find(
            {
                "assistant_id": ObjectId(assistant_id),
                "state": LIVE,
                "type": DocumentType.RAG,
                "indexed_model": model,
            },
            {"indexed_revision": 1, "filename": 1, "chunks": 1},
        )
        return {
            str(row["_id"]): IndexedDocument(str(row["indexed_revision"]), row["filename"], row["chunks"])
            for row in rows
        }

    def chunks(self, document_id: str, revision: str) -> Iterator[Chunk]:
        """The chunks of one revision, in order."""
        wanted = {"document_id": ObjectId(document_id), "revision": ObjectId(revision)}
        rows: Iterable[Row] = self._rows.find(wanted, batch_size=_BATCH).sort("position", ASCENDING)
        return (_from_row(row) for row in rows)

    def delete_revision(self, document_id: str, revision: str) -> None:
        """What an indexing of this revision that was cut off has left."""
        self._rows.delete_many({"document_id": ObjectId(document_id), "revision": ObjectId(revision)})

    def delete_other_revisions(self, document_id: str, keep: str) -> None:
        """All chunks of a document but those of the revision `keep`."""
        self._rows.delete_many({"document_id": ObjectId(document_id), "revision": {"$ne": ObjectId(keep)}})

    def delete_of_document(self, document_id: str) -> None:
        """All chunks of a document."""
        self._rows.delete_many({"document_id": ObjectId(document_id)})

    def delete_of_assistant(self, assistant_id: str) -> None:
        """All chunks of all documents of an assistant."""
        self._rows.delete_many({"assistant_id": ObjectId(assistant_id)})


def _to_row(chunk: Chunk) -> Row:
    return {
        "_id": ObjectId(chunk.id),
        "assistant_id": ObjectId(chunk.assistant_id),
        "document_id": ObjectId(chunk.document_id),
        "revision": ObjectId(chunk.revision),
        "position": chunk.position,
        "heading": chunk.heading,
        "text": chunk.text,
        "model": chunk.model,
        "embedding": chunk.embedding,
    }


def _from_row(row: Row) -> Chunk:
    return Chunk(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        document_id=str(row["document_id"]),
        revision=str(row["revision"]),
        position=row["position"],
        heading=row["heading"],
        text=row["text"],
        model=row["model"],
        embedding=bytes(row["embedding"]),
    )
