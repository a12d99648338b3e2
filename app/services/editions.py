"""Editions: which chunks a revision of a document is made of. What is new is embedded, the rest is shared."""

import logging
from collections.abc import Iterable, Mapping, Sequence

from app.domain.documents import Chunk, Document, Piece, Stage
from app.domain.errors import ModelError
from app.services.leases import HeldLease, LaneLimits, TooLongForLaneError
from app.services.ports.documents import DocumentFiles, Documents
from app.services.ports.knowledge import ChunkEmbedder, Chunks, ServingModel, Splitter

_log = logging.getLogger(__name__)

_BATCH = 32
# Up to so many are looked for one by one, which in a long document is quicker than going through all of it.
_FEW = 200
# Where reading ends and embedding begins, as a share of the whole work, if reading said nothing.
_READ = 0.05


class EditionBuilder:
    """Embeds only what has no embedding yet, whichever revision it was made for and whoever was cut off at it."""

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

    def build(self, lease: HeldLease, text: str, limits: LaneLimits | None) -> None:
        """Make the leased revision, which says `text`, the one that is searched.

        It gets embeddings by the present model, and by the one that answers while a migration to another model is
        under way. Raises `TooLongForLaneError` where more pieces than `limits` allow have none yet, `ModelError`.
        """
        pieces = self._splitter.split(text)
        document = lease.document
        models = self._models(document.assistant_id)
        chunks = {model: self._by_id(document, model, pieces) for model in models}
        if limits is not None:
            missing = sum(len(self._missing(document, model, chunks[model])) for model in models)
            if missing > limits.pieces:
                raise TooLongForLaneError
        read = max(_READ, lease.progress)
        span = (1 - read) / len(models)
        self._make_edition(lease, document.revision, models[0], chunks[models[0]], (read, span))
        embedded = [*models[:1], *(model for model in models[1:] if self._also(lease, model, chunks[model], span))]
        lease.publish(len(pieces), embedded, self._splitter.version)

    def _also(self, lease: HeldLease, model: str, chunks: Mapping[str, Piece], span: float) -> bool:
        """Embed by a model on its way out, which may be gone already: then the document waits for the swap."""
        try:
            self._make_edition(lease, lease.document.revision, model, chunks, (1 - span, span))
        except ModelError as error:
            _log.warning("Document %s has no embeddings of %s: %s", lease.document.id, model, error)
            return False
        return True

    def migrate(self, lease: HeldLease) -> None:
        """Give the searched revision embeddings by the present model, too; raises `ModelError`."""
        document, model = lease.document, self.model
        if document.indexed_revision is None or not document.indexed_models:
            raise ValueError("the document has no chunks to embed")
        ids = self._chunks.chunk_ids(document.id, document.indexed_revision, document.indexed_models[-1])
        pieces = self._chunks.pieces(ids)
        if len(pieces) != document.chunks:
            raise ValueError("chunks are missing")
        chunks = self._by_id(document, model, pieces)
        self._make_edition(lease, document.indexed_revision, model, chunks, (0.0, 1.0))
        lease.add_model(model)

    def remove_unused(self, document: Document) -> None:
        """Remove the chunks that no revision needs any more, neither the searched nor the newest."""
        with self._files.exclusive(document.assistant_id):
            now = self._documents.by_id(document.id)
            if now is not None:
                self._chunks.tidy(document.id, [one for one in (now.indexed_revision, now.revision) if one])

    def _models(self, assistant_id: str) -> list[str]:
        present = self.model
        serving = self._serving.serving_model(assistant_id, present)
        return [present, serving] if serving != present and self._embedder.can_embed(serving) else [present]

    def _make_edition(
        self, lease: HeldLease, revision: str, model: str, chunks: Mapping[str, Piece], share: tuple[float, float]
    ) -> None:
        """List the chunks, then embed what is missing; `share` is where this stands in the progress.

        `tidy` leaves listed chunks alone, so none that is there when the missing ones are counted vanishes.
        """
        document = lease.document
        with self._files.exclusive(document.assistant_id):
            self._chunks.put_edition(document, revision, model, list(chunks))
        missing = self._missing(document, model, chunks)
        begin, span = share
        done = len(chunks) - len(missing)
        for start in range(0, len(missing), _BATCH):
            lease.hold(Stage.EMBEDDING, begin + span * done / len(chunks), advanced=start > 0)
            batch = missing[start : start + _BATCH]
            self._chunks.add(self._embedded(document, model, {one: chunks[one] for one in batch}))
            done += len(batch)
        lease.hold(Stage.EMBEDDING, begin + span, advanced=bool(missing))

    def _by_id(self, document: Document, model: str, pieces: Sequence[Piece]) -> dict[str, Piece]:
        """The pieces by the ids of their chunks, in order."""
        return {self._chunks.id_of(document.id, model, piece.digest): piece for piece in pieces}

    def _missing(self, document: Document, model: str, chunk_ids: Iterable[str]) -> list[str]:
        """Those without an embedding; an earlier revision that is searched has all of its own."""
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
