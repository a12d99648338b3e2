"""Ids put aside, as a cursor does not live as long as an export may take."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from types import TracebackType

from bson import ObjectId
from pymongo.collection import Collection

from app.domain.rows import Row

_ID_BYTES = 12


class SpooledIds:
    """The ids of all rows that fit a filter now, in a temporary file."""

    def __init__(self, rows: Collection[Row], wanted: Row) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by `__exit__`
        for row in rows.find(wanted, {"_id": 1}):
            self._file.write(row["_id"].binary)

    def __enter__(self) -> "SpooledIds":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[ObjectId]:
        return (one for batch in self.batches(1000) for one in batch)

    def batches(self, size: int) -> Iterator[list[ObjectId]]:
        """The ids, so many at a time; one reader at a time."""
        self._file.seek(0)
        while read := self._file.read(size * _ID_BYTES):
            yield [ObjectId(read[at : at + _ID_BYTES]) for at in range(0, len(read), _ID_BYTES)]
