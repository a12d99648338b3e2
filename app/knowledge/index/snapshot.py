"""An immutable state of an index, for searches."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from app.domain.documents import IndexedDocument, Visibility
from app.knowledge.index.index_manifest import IndexManifest
from app.knowledge.index.vectors import Vectors
from app.knowledge.lexical import LexicalSearcher

_EVER = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)
_UNRESTRICTED = Visibility()


class View(NamedTuple):
    """What may be found from `since` on and before `until`.

    `hidden` are the ids of documents that may not; `allowed` has a set bit for each row that may (None: all may).
    """

    since: datetime
    until: datetime
    hidden: list[str]
    allowed: NDArray[np.uint8] | None


@dataclass(slots=True)
class Snapshot:
    """One state of an index; `vectors` and `words` are None if it is empty.

    `documents` are the present ones with their visibility; others that are still in the files are hidden.
    """

    manifest: IndexManifest
    vectors: Vectors | None = None
    words: LexicalSearcher | None = None
    documents: Mapping[str, IndexedDocument] = field(default_factory=dict)
    _view: View | None = None

    @classmethod
    def empty(cls, model: str) -> Self:
        """The snapshot of an index without documents."""
        return cls(IndexManifest.empty(model))

    def with_documents(self, documents: Mapping[str, IndexedDocument]) -> Self:
        """The same rows with the present documents."""
        return replace(self, documents=documents, _view=None)

    def with_vectors(self, vectors: Vectors) -> Self:
        """The same rows, searched through other vectors."""
        return replace(self, vectors=vectors)

    def holds(self, documents: Mapping[str, IndexedDocument]) -> bool:
        """Whether the files hold exactly these documents, whatever their visibility."""
        held = self.manifest.documents
        return len(held) == len(documents) and all(
            document_id in held
            and held[document_id].revision == document.revision
            and held[document_id].filename == document.filename
            for document_id, document in documents.items()
        )

    def at(self, moment: datetime) -> View:
        """What may be found at a moment; computed again when a document becomes visible or hidden."""
        view = self._view
        if view is None or not view.since <= moment < view.until:
            view = self._view = self._seen(moment)
        return view

    def _seen(self, moment: datetime) -> View:
        held = self.manifest.documents
        restricted = {
            document_id: document.visibility
            for document_id, document in self.documents.items()
            if document.visibility != _UNRESTRICTED and document_id in held
        }
        limits = [limit for one in restricted.values() for limit in (one.valid_from, one.valid_until) if limit]
        hidden = [document_id for document_id in held if document_id not in self.documents]
        hidden += [document_id for document_id, one in restricted.items() if not one.at(moment)]
        return View(
            since=max((limit for limit in limits if limit <= moment), default=_EVER),
            until=min((limit for limit in limits if limit > moment), default=_NEVER),
            hidden=hidden,
            allowed=self._allowed(hidden),
        )

    def _allowed(self, hidden: list[str]) -> NDArray[np.uint8] | None:
        allowed = self.manifest.live.copy()
        allowed[sorted(self.manifest.unembedded)] = False
        for document_id in hidden:
            allowed[self.manifest.documents[document_id].rows] = False
        return None if allowed.all() else np.packbits(allowed, bitorder="little")
