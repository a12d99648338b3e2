"""The collections `chunks` and `editions`: what is searched, with its embeddings, shared by all processes.

A chunk belongs to a document and an embedding model, and never changes. An edition lists, in order, the chunks
that a revision of the document is made of; two revisions share the chunks that are the same in both.
"""

from collections.abc import Iterable, Iterator, Sequence

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from app.domain.documents import Chunk, Document, Piece
from app.domain.ids import derived_id
from app.domain.rows import Row
from app.repositories.failures import only_duplicates
from app.repositories.mongo import Rows, repeated

_BATCH = 200


class ChunkRepository:
    """Chunks and editions; which revision counts is said by its document."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["chunks"]
        self._editions = database["editions"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("document_id", ASCENDING), ("model", ASCENDING)])
        self._editions.create_index([("document_id", ASCENDING), ("revision", ASCENDING), ("model", ASCENDING)])
        for rows in (self._rows, self._editions):
            rows.create_index([("assistant_id", ASCENDING)])

    @staticmethod
    def id_of(document_id: str, model: str, digest: str) -> str:
        """The id that the chunk of a piece has or would have."""
        return derived_id(document_id, model, digest)

    def known(self, document_id: str, model: str) -> set[str]:
        """The ids of all chunks there are of a document by a model, of any revision."""
        rows = self._rows.find({"document_id": ObjectId(document_id), "model": model}, {"_id": 1})
        return {str(row["_id"]) for row in rows}

    def existing(self, chunk_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are ids of chunks."""
        return {str(row["_id"]) for row in self._find(chunk_ids, {"_id": 1})}

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Store chunks of one document; those that are there already (a repeated write) stay."""
        try:
            if chunks:
                self._rows.insert_many([_to_row(chunk) for chunk in chunks], ordered=False)
        except BulkWriteError as error:
            if not only_duplicates(error):
                raise

    def put_edition(self, document: Document, revision: str, model: str, chunk_ids: Sequence[str]) -> None:
        """Say which chunks a revision is made of, in order."""
        edition_id = ObjectId(derived_id(document.id, revision, model))
        row = {
            "_id": edition_id,
            "assistant_id": ObjectId(document.assistant_id),
            "document_id": ObjectId(document.id),
            "revision": ObjectId(revision),
            "model": model,
            "chunk_ids": [ObjectId(one) for one in chunk_ids],
        }
        self._editions.replace_one({"_id": edition_id}, row, upsert=True)

    def chunk_ids(self, document_id: str, revision: str, model: str) -> list[str]:
        """The chunks of an edition in order of position; none once the revision was replaced."""
        row = self._editions.find_one({"_id": ObjectId(derived_id(document_id, revision, model))})
        return [str(one) for one in row["chunk_ids"]] if row else []

    def chunks(self, document_id: str, chunk_ids: Sequence[str]) -> Iterator[Chunk]:
        """These chunks in any order; those that are gone are left out."""
        return map(_from_row, self._find(chunk_ids))

    def pieces(self, chunk_ids: Sequence[str]) -> list[Piece]:
        """What these chunks were made of, in the order of the ids."""
        wanted: Row = {"heading": 1, "text": 1, "digest": 1}
        found = {str(row["_id"]): row for row in self._find(chunk_ids, wanted)}
        rows = (found[one] for one in chunk_ids if one in found)
        return [Piece(row["heading"], row["text"], row["digest"]) for row in rows]

    def delete_other_revisions(self, document_id: str, revisions: Sequence[str]) -> None:
        """Leave of a document the editions of these revisions, and the chunks in them."""
        mine = {"document_id": ObjectId(document_id)}
        _delete_many(self._editions, {**mine, "revision": {"$nin": [ObjectId(one) for one in revisions]}})
        kept = {one for edition in self._editions.find(mine, {"chunk_ids": 1}) for one in edition["chunk_ids"]}
        gone = [row["_id"] for row in self._rows.find(mine, {"_id": 1}) if row["_id"] not in kept]
        for batch in _in_batches(gone):
            _delete_many(self._rows, {"_id": {"$in": batch}})

    def has_editions(self, document_id: str) -> bool:
        """Whether chunks of any revision of a document were ever listed, and so may be there."""
        return self._editions.find_one({"document_id": ObjectId(document_id)}, {"_id": 1}) is not None

    def exist_of(self, document_id: str) -> bool:
        """Whether a document has any chunks."""
        return self._rows.find_one({"document_id": ObjectId(document_id)}, {"_id": 1}) is not None

    def delete_of_document(self, document_id: str) -> None:
        """All chunks of a document."""
        for rows in (self._rows, self._editions):
            _delete_many(rows, {"document_id": ObjectId(document_id)})

    def delete_of_assistant(self, assistant_id: str) -> None:
        """All chunks of all documents of an assistant."""
        for rows in (self._rows, self._editions):
            _delete_many(rows, {"assistant_id": ObjectId(assistant_id)})

    def delete_of_model(self, document_ids: Sequence[str], model: str) -> None:
        """All chunks that an embedding model made of these documents."""
        for batch in _in_batches([ObjectId(one) for one in document_ids]):
            for rows in (self._rows, self._editions):
                _delete_many(rows, {"document_id": {"$in": batch}, "model": model})

    def _find(self, chunk_ids: Sequence[str], projection: Row | None = None) -> Iterator[Row]:
        for batch in _in_batches([ObjectId(one) for one in chunk_ids]):
            yield from self._rows.find({"_id": {"$in": batch}}, projection)


def _delete_many(rows: Rows, unwanted: Row) -> None:
    repeated(lambda: rows.delete_many(unwanted))


def _in_batches(ids: Sequence[ObjectId]) -> Iterable[list[ObjectId]]:
    return (list(ids[start : start + _BATCH]) for start in range(0, len(ids), _BATCH))


def _to_row(chunk: Chunk) -> Row:
    return {
        "_id": ObjectId(chunk.id),
        "assistant_id": ObjectId(chunk.assistant_id),
        "document_id": ObjectId(chunk.document_id),
        "heading": chunk.heading,
        "text": chunk.text,
        "digest": chunk.digest,
        "model": chunk.model,
        "embedding": chunk.embedding,
    }


def _from_row(row: Row) -> Chunk:
    return Chunk(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        document_id=str(row["document_id"]),
        heading=row["heading"],
        text=row["text"],
        digest=row["digest"],
        model=row["model"],
        embedding=bytes(row["embedding"]),
    )
