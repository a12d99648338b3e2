"""Editions: which chunks a revision of a document is made of. What is new is embedded, the rest is shared."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import NamedTuple

from app.domain.documents import Chunk, Document, Piece, Stage
from app.domain.errors import ModelError
from app.services.leases import HeldLease, LaneLimits, TooLongForLaneError
from app.services.ports.documents import DocumentFiles, Documents
from app.services.ports.knowledge import ChunkEmbedder, Chunks, ServingModel, Splitter

_log = logging.getLogger(__name__)

_FIRST_BATCH = 8
_BATCH = 32
# Up to so many are looked for one by one, which in a long document is quicker than going through all of it.
_FEW = 200
# Where reading ends and embedding begins, as a share of the whole work, if reading said nothing.
_READ = 0.05


class _Edition(NamedTuple):
    """The chunks of a revision by one model, by id and in order, and the ids of those without an embedding."""

    model: str
    chunks: Mapping[str, Piece]
    missing: Sequence[str]


class EditionBuilder:
    """Lists the chunks of a revision and embeds those that no earlier revision or attempt has embedded."""

    def __init__(
        self,
        chunks: Chunks,
        documents: Documents,
        serving: ServingModel,
        files: DocumentFiles,
        embedder: ChunkEmbedder,
        *,
        splitter: Splitter,
    ) -> None:
        self._chunks = chunks
        self._documents = documents
        self._serving = serving
        self._files = files
        self._embedder = embedder
        self._splitter = splitter

    @property
    def model(self) -> str:
        """The embedding model that the settings name."""
        return self._embedder.model

    def build(self, lease: HeldLease, text: str, limits: LaneLimits | None) -> bool:
        """Make the leased revision, whose text is `text`, the one that is searched.

        It is embedded by the present model and, during a migration, also by the model that still answers.
        Raises `TooLongForLaneError` if more chunks than `limits` allow are not embedded yet, and `ModelError`.
        Returns whether there may be chunks that only other revisions need.
        """
        document, pieces = lease.document, self._splitter.split(text)
        is_first = not self._chunks.has_editions(document.id)
        editions = [
            self._list(document, document.revision, model, pieces, is_first=is_first)
            for model in self._models(document.assistant_id)
        ]
        if limits is not None and sum(len(one.missing) for one in editions) > limits.chunks:
            raise TooLongForLaneError
        read = max(_READ, lease.progress)
        span = (1 - read) / len(editions)
        present, *older = editions
        self._embed(lease, present, read, span)
        embedded = [present, *(one for one in older if self._embed_by_older(lease, one, span))]
        lease.publish(len(pieces), [one.model for one in embedded], self._splitter.version)
        return not is_first or document.created_at != document.updated_at

    def migrate(self, lease: HeldLease) -> None:
        """Give the searched revision embeddings by the present model, too; raises `ModelError`."""
        document, revision = lease.document, lease.document.indexed_revision
        if revision is None or not document.indexed_models:
            raise ValueError("the document has no chunks to embed")
        ids = self._chunks.chunk_ids(document.id, revision, document.indexed_models[-1])
        pieces = self._chunks.pieces(ids)
        if len(pieces) != document.chunks:
            raise ValueError("chunks are missing")
        self._embed(lease, self._list(document, revision, self.model, pieces), 0.0, 1.0)
        lease.add_model(self.model)

    def remove_unused(self, document: Document) -> None:
        """Delete the chunks that neither the searched nor the newest revision needs."""
        with self._files.exclusive(document.assistant_id):
            now = self._documents.by_id(document.id)
            if now is not None:
                self._chunks.delete_other_revisions(
                    document.id, [one for one in (now.indexed_revision, now.revision) if one]
                )

    def _models(self, assistant_id: str) -> list[str]:
        present = self.model
        serving = self._serving.serving_model(assistant_id, present)
        return [present, serving] if serving != present and self._embedder.can_embed(serving) else [present]

    def _list(
        self, document: Document, revision: str, model: str, pieces: Sequence[Piece], *, is_first: bool = False
    ) -> _Edition:
        """Store the list of a revision's chunks, then find those without an embedding: all, if it `is_first`.

        In this order, and the first step under the lock of `remove_unused`, which then deletes none of those found.
        """
        chunks = {self._chunks.id_of(document.id, model, piece.digest): piece for piece in pieces}
        with nullcontext() if is_first else self._files.exclusive(document.assistant_id):
            self._chunks.put_edition(document, revision, model, list(chunks))
        return _Edition(model, chunks, list(chunks) if is_first else self._missing(document, model, chunks))

    def _embed(self, lease: HeldLease, edition: _Edition, begin: float, span: float) -> None:
        """Embed the missing chunks; the progress goes from `begin` to `begin + span`."""
        chunks, missing = edition.chunks, edition.missing
        is_long, done = len(missing) > _BATCH, len(chunks) - len(missing)
        for batch in _batches(missing):
            if is_long:
                lease.hold(Stage.EMBEDDING, begin + span * done / len(chunks), advanced=batch[0] != missing[0])
            pieces = {one: chunks[one] for one in batch}
            self._chunks.add(self._embedded(lease.document, edition.model, pieces))
            done += len(batch)
        if is_long:
            lease.hold(Stage.EMBEDDING, begin + span, advanced=True)

    def _embed_by_older(self, lease: HeldLease, edition: _Edition, span: float) -> bool:
        """Embed by a model that may be gone already; returns whether it could."""
        try:
            self._embed(lease, edition, 1 - span, span)
        except ModelError as error:
            _log.warning("Document %s has no embeddings of %s: %s", lease.document.id, edition.model, error)
            return False
        return True

    def _missing(self, document: Document, model: str, chunk_ids: Iterable[str]) -> list[str]:
        """The chunks without an embedding; those of the searched revision have one."""
        before = document.indexed_revision if model in document.indexed_models else None
        is_earlier = before is not None and before != document.revision
        known = set(self._chunks.chunk_ids(document.id, before, model)) if before and is_earlier else set()
        rest = [one for one in chunk_ids if one not in known]
        known = self._chunks.existing(rest) if len(rest) <= _FEW else self._chunks.known(document.id, model)
        return [one for one in rest if one not in known]

    def _embedded(self, document: Document, model: str, pieces: Mapping[str, Piece]) -> list[Chunk]:
        embeddings = self._embedder.embed(model, list(pieces.values()))
        return [
            Chunk(
                id=chunk_id,
                assistant_id=document.assistant_id,
                document_id=document.id,
                heading=piece.heading,
                text=piece.text,
                digest=piece.digest,
                model=model,
                embedding=embedding,
            )
            for (chunk_id, piece), embedding in zip(pieces.items(), embeddings, strict=True)
        ]


def _batches(chunk_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Batches to embed; many chunks begin with small ones, so that a process that dies soon has stored some."""
    start, size = 0, _FIRST_BATCH if len(chunk_ids) > _BATCH else _BATCH
    while start < len(chunk_ids):
        yield chunk_ids[start : start + size]
        start, size = start + size, min(2 * size, _BATCH)
