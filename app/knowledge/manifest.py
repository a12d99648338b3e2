"""What an index holds: which documents, in which rows, made by which model."""

import json
import os
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from app.domain.documents import IndexedDocument
from app.knowledge.analysis import ANALYSIS_VERSION

_FORMAT = 1


class HeldDocument(NamedTuple):
    """A document in the index; its chunks are the rows from `first_row` on, in order of position."""

    document_id: str
    document: IndexedDocument
    first_row: int
    rows: int


class Manifest:
    """The documents of an index; row numbers are never used twice."""

    def __init__(self, model: str, dimension: int) -> None:
        self.model = model
        self.dimension = dimension
        self.next_row = 0
        self._held: dict[str, HeldDocument] = {}
        self._first_rows: list[int] = []
        self._by_first_row: list[HeldDocument] = []

    @classmethod
    def read(cls, path: Path, model: str, dimension: int) -> Self | None:
        """What `write` left at `path`; None unless it is whole and of this model, dimension and analysis."""
        try:
            content = json.loads(path.read_text("utf-8"))
            if content["made_by"] != _made_by(model, dimension):
                return None
            manifest = cls(model, dimension)
            for document_id, document, first_row, rows in content["documents"]:
                manifest._put(HeldDocument(document_id, IndexedDocument(*document), first_row, rows))
            manifest.next_row = content["next_row"]
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return manifest

    def write(self, path: Path) -> None:
        """Put the manifest at `path`, at once and to last."""
        content = {
            "made_by": _made_by(self.model, self.dimension),
            "next_row": self.next_row,
            "documents": [(one.document_id, one.document[:3], *one[2:]) for one in self._held.values()],
        }
        unfinished = path.with_suffix(".new")
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(json.dumps(content))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)

    def copy(self) -> Self:
        """An independent manifest that says the same."""
        other = type(self)(self.model, self.dimension)
        other.next_row = self.next_row
        for held in self._by_first_row:
            other._put(held)
        return other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Manifest) and (self._held, self.next_row) == (other._held, other.next_row)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[HeldDocument]:
        return iter(self._by_first_row)

    def get(self, document_id: str) -> HeldDocument | None:
        """The document of this id, if it is held."""
        return self._held.get(document_id)

    @property
    def rows(self) -> int:
        """How many rows all documents have together."""
        return sum(held.rows for held in self)

    def at(self, row: int) -> HeldDocument:
        """The document that `row` belongs to."""
        return self._by_first_row[bisect_right(self._first_rows, row) - 1]

    def add(self, document_id: str, document: IndexedDocument, rows: int) -> None:
        """Hold a document in the next `rows` rows."""
        self._put(HeldDocument(document_id, document, self.next_row, rows))
        self.next_row += rows

    def remove(self, document_id: str) -> None:
        """No longer hold a document."""
        place = self._by_first_row.index(self._held.pop(document_id))
        del self._by_first_row[place], self._first_rows[place]

    def _put(self, held: HeldDocument) -> None:
        """Append; documents come in order of their rows, those without any before the next one."""
        self._held[held.document_id] = held
        self._by_first_row.append(held)
        self._first_rows.append(held.first_row)


def _made_by(model: str, dimension: int) -> list[object]:
    return [_FORMAT, ANALYSIS_VERSION, model, dimension]
