"""The manifest of an index: its documents, their rows, and the model that embedded them."""

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from app.domain.ids import new_id
from app.knowledge.analysis import ANALYSIS_VERSION

_FORMAT = 2

Rows = NDArray[np.int32]


class HeldDocument(NamedTuple):
    """A document in the index: its chunks' rows in order of position (a chunk that comes twice has one row).

    `revision` is "" where chunks were missing.
    """

    document_id: str
    revision: str
    filename: str
    rows: Rows


class RowLocation(NamedTuple):
    """The document of a row and the position in it; the first one, if the chunk comes twice."""

    held: HeldDocument
    position: int


class ManifestHeader(NamedTuple):
    """The embedding model of an index, and the stamp of its last change."""

    model: str
    stamp: str


class IndexManifest:
    """An immutable list of the documents by id, and the number of rows ever used; a row is never used twice.

    `lineage` identifies the files that the rows are in, `stamp` the change that wrote them; `unembedded` are the
    rows without a usable vector. `dimension` is 0 if there are no documents.
    """

    def __init__(
        self,
        model: str,
        dimension: int,
        documents: Mapping[str, HeldDocument],
        used_rows: int,
        *,
        lineage: str,
        unembedded: frozenset[int] = frozenset(),
        stamp: str | None = None,
    ) -> None:
        self.model = model
        self.dimension = dimension
        self.documents = documents
        self.used_rows = used_rows
        self.lineage = lineage
        self.unembedded = unembedded
        self.stamp = stamp or new_id()

    @classmethod
    def empty(cls, model: str) -> Self:
        """The manifest of an index without documents."""
        return cls(model, 0, {}, 0, lineage=new_id())

    @classmethod
    def read(cls, path: Path, model: str) -> Self | None:
        """The manifest at `path`; None unless it is complete and of this model and version of the analysis."""
        try:
            header, _, rest = path.read_bytes().partition(b"\n")
            content = json.loads(header)
            if content["made_by"] != _made_by(model) or content["checksum"] != zlib.crc32(rest):
                return None
            table, _, rows = rest.partition(b"\n")
            held = _held_documents(json.loads(table), np.frombuffer(rows, "<i4"))
            return cls(
                model,
                content["dimension"],
                {one.document_id: one for one in held},
                content["used_rows"],
                lineage=content["lineage"],
                unembedded=frozenset(content["unembedded"]),
                stamp=content["stamp"],
            )
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, path: Path) -> None:
        """Write the manifest to `path` atomically, and sync it.

        A line of JSON about the index, one about its documents, then the rows of them all as int32.
        """
        table = json.dumps([[*held[:3], len(held.rows)] for held in self]).encode()
        rest = table + b"\n" + self._all_rows.astype("<i4").tobytes()
        content = {
            "made_by": _made_by(self.model),
            "stamp": self.stamp,
            "lineage": self.lineage,
            "dimension": self.dimension,
            "used_rows": self.used_rows,
            "unembedded": sorted(self.unembedded),
            "checksum": zlib.crc32(rest),
        }
        unfinished = path.with_suffix(".new")
        with unfinished.open("wb") as file:
            file.write(json.dumps(content).encode() + b"\n" + rest)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)

    def __iter__(self) -> Iterator[HeldDocument]:
        return iter(self.documents.values())

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Whether each row ever used belongs to a document."""
        live = np.zeros(self.used_rows, np.bool_)
        live[self._all_rows] = True
        return live

    @cached_property
    def live_rows(self) -> int:
        """The number of rows that belong to documents."""
        return int(np.count_nonzero(self.live))

    def locate(self, row: int) -> RowLocation:
        """The location of a live row."""
        numbers, positions = self._places
        return RowLocation(self._held[numbers[row]], int(positions[row]))

    @cached_property
    def _held(self) -> list[HeldDocument]:
        return list(self.documents.values())

    @cached_property
    def _all_rows(self) -> Rows:
        return np.concatenate([np.empty(0, np.int32), *(held.rows for held in self)])

    @cached_property
    def _places(self) -> tuple[Rows, Rows]:
        """The index of the document and the position in it, by row."""
        lengths = np.array([len(held.rows) for held in self], np.int32)
        positions = np.arange(len(self._all_rows), dtype=np.int32) - np.repeat(
            np.cumsum(lengths) - lengths, lengths
        )
        by_row = np.zeros((2, self.used_rows), np.int32)
        # Backwards, as of several values for one row the last one stays.
        by_row[0, self._all_rows[::-1]] = np.repeat(np.arange(len(lengths)), lengths)[::-1]
        by_row[1, self._all_rows[::-1]] = positions[::-1]
        return by_row[0], by_row[1]


def header_of(path: Path) -> ManifestHeader | None:
    """The first line of a manifest; None if it is missing or of another version of the text analysis."""
    try:
        with path.open("rb") as file:
            content: Any = json.loads(file.readline())
            *_, model = content["made_by"]
            return ManifestHeader(model, content["stamp"]) if content["made_by"] == _made_by(model) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _held_documents(table: list[list[Any]], rows: Rows) -> list[HeldDocument]:
    ends = np.cumsum([count for *_, count in table], dtype=np.int64)
    if (ends[-1] if table else 0) != len(rows):
        raise ValueError("rows are missing")
    return [
        HeldDocument(document_id, revision, filename, rows[end - count : end])
        for (document_id, revision, filename, count), end in zip(table, ends.tolist(), strict=True)
    ]


def _made_by(model: str) -> list[object]:
    return [_FORMAT, ANALYSIS_VERSION, model]
