"""An export: all of it in one file, or none."""

import os
import stat
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bson import ObjectId
from pymongo.database import Database

from app.archive import ArchiveError, Counts, export_archive
from app.domain.rows import Row
from tests.fakes.database import scratch_database
from tests.integration.archive.helpers import (
    ASSISTANT,
    FILES,
    FINGERPRINT,
    MANY,
    CutOffError,
    Progressed,
    exported,
    files_in,
    media_of,
    rows_of,
    take,
)


def test_many_rows_arrive_and_tell_their_progress(
    large_source: Database[Row], documents: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    file, out, back = tmp_path / "export.jsonl.gz", Progressed(), Progressed()
    file.write_text("an older export")
    exported_counts = export_archive(
        large_source, documents, media_of(documents), file, fingerprint=FINGERPRINT, progress=out
    )
    imported_counts = take(target, folder, file, progress=back)
    assert exported_counts == imported_counts == Counts({"assistants": 1, "many": MANY}, len(FILES))
    assert rows_of(target, "many") == rows_of(large_source, "many")
    total = MANY + 1 + len(FILES)
    for progress in (out, back):
        assert progress.calls[-1] == (total, total)
        assert progress.calls == sorted(progress.calls)
        assert len(progress.calls) > MANY / 500
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".*"))


def test_an_export_that_fails_leaves_the_older_one(source: Database[Row], documents: Path, tmp_path: Path) -> None:
    def cut_off(done: int, total: int) -> None:
        raise CutOffError

    file = tmp_path / "export.jsonl.gz"
    file.write_text("an older export")
    with pytest.raises(CutOffError):
        export_archive(source, documents, media_of(documents), file, fingerprint=FINGERPRINT, progress=cut_off)
    assert file.read_text() == "an older export"
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_to_nowhere_is_an_error(source: Database[Row], documents: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="could not be written: No such file or directory"):
        export_archive(
            source,
            documents,
            media_of(documents),
            tmp_path / "no" / "x.gz",
            fingerprint=FINGERPRINT,
            progress=Progressed(),
        )


def test_neither_way_takes_more_memory_for_more_rows(database_uri: str, documents: Path, tmp_path: Path) -> None:
    peaks: dict[str, list[int]] = {"out": [], "back": []}
    for number, count in enumerate((1_500, 6_000)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with scratch_database(database_uri) as source, scratch_database(database_uri) as target:
            for start in range(0, count, 500):
                source["many"].insert_many([{"text": os.urandom(2048).hex()} for _ in range(start, start + 500)])
            with traced(peaks["out"]):
                file = exported(source, documents, folder)
            with traced(peaks["back"]):
                take(target, folder / "documents", file)

    for small, large in peaks.values():
        assert large < 1.3 * small


@contextmanager
def traced(peaks: list[int]) -> Iterator[None]:
    """Remembers the most bytes that were allocated at once."""
    tracemalloc.start()
    try:
        yield
        peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def test_two_exports_of_the_same_are_the_same(source: Database[Row], documents: Path, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()

    first, second = exported(source, documents, tmp_path), exported(source, documents, tmp_path / "second")

    assert first.read_bytes() == second.read_bytes()


def test_rows_of_an_assistant_that_came_meanwhile_stay_behind(
    target: Database[Row], documents: Path, tmp_path: Path, folder: Path
) -> None:
    """They would name what is not in the file."""
    target["notes"].insert_many([{"assistant_id": ObjectId(ASSISTANT)}, {"assistant_id": ObjectId()}, {}])
    target["assistants"].insert_one({"_id": ObjectId(ASSISTANT), "state": "active"})
    target["documents"].insert_one({"assistant_id": ObjectId(), "state": "live"})
    target["chats"].insert_one({"assistant_id": ObjectId(), "conversation_id": ObjectId()})

    counts = export_archive(
        target, documents, media_of(documents), tmp_path / "x.gz", fingerprint=FINGERPRINT, progress=Progressed()
    )

    assert counts.rows == {"assistants": 1, "notes": 2, "documents": 0, "chats": 0}
    assert files_in(folder) == {}
