"""The folder of the files that customers sent."""

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import DiskFullError, NotFoundError, TooLargeError
from app.storage.media import MediaFolder

JPEG = b"\xff\xd8\xff\xe0" + b"a" * 2000


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_file_is_written_as_it_comes(folder: MediaFolder, tmp_path: Path) -> None:
    stored = folder.write("a", "c", "m", (JPEG[at : at + 1] for at in range(len(JPEG))), len(JPEG))

    assert (stored.size, stored.content_type) == (2004, "image/jpeg")
    assert stored.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert folder.path("a", "c", "m").read_bytes() == JPEG
    assert files(tmp_path) == ["media/a/c/m"]


def test_the_size_of_an_assistants_files(folder: MediaFolder) -> None:
    assert folder.size_of("a") == 0

    for place in (("a", "c", "m"), ("a", "d", "n"), ("b", "c", "m")):
        folder.write(*place, [JPEG], 5000)

    assert folder.size_of("a") == 2 * len(JPEG)


def test_only_this_user_may_read_it(folder: MediaFolder) -> None:
    folder.write("a", "c", "m", [JPEG], 5000)

    path = folder.path("a", "c", "m")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(one.stat().st_mode) for one in list(path.parents)[:3]] == [0o700] * 3


def test_one_byte_too_many_leaves_nothing(folder: MediaFolder, tmp_path: Path) -> None:
    with pytest.raises(TooLargeError):
        folder.write("a", "c", "m", [JPEG], len(JPEG) - 1)
    assert files(tmp_path) == []


def test_a_disk_that_fills_meanwhile_leaves_nothing(tmp_path: Path) -> None:
    asked: list[None] = []

    def require_room() -> None:
        asked.append(None)
        if len(asked) > 1:
            raise DiskFullError("DATA_DIR")

    pieces = (b"a" * 2**20 for _ in range(20))
    with pytest.raises(DiskFullError):
        MediaFolder(tmp_path / "media", require_room).write("a", "c", "m", pieces, 2**30)
    assert files(tmp_path) == []
    assert next(pieces, None)  # it was not read to its end


def test_what_breaks_off_leaves_nothing(folder: MediaFolder, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield JPEG
        raise ConnectionError

    with pytest.raises(ConnectionError):
        folder.write("a", "c", "m", broken(), 5000)
    assert files(tmp_path) == []


@pytest.mark.parametrize("bad", ["..", "a/b", "", "a.part", "/etc", "a\0"])
def test_an_id_is_no_way_out(folder: MediaFolder, bad: str) -> None:
    with pytest.raises(NotFoundError):
        folder.path("a", "c", bad)
    with pytest.raises(NotFoundError):
        folder.delete_of_assistant(bad)


def test_files_go_with_conversation_and_assistant(folder: MediaFolder, tmp_path: Path) -> None:
    for path in ("a/c/1-0", "a/c/3-0", "a/d/1-0", "b/e/1-0"):
        assistant, conversation, media = path.split("/")
        folder.write(assistant, conversation, media, [JPEG], 5000)
    (tmp_path / "media/a/c/1-0.00.part").write_bytes(b"")

    assert folder.delete_of_conversation("c", before="2") == 1
    assert files(tmp_path) == ["media/a/c/3-0", "media/a/d/1-0", "media/b/e/1-0"]
    assert folder.delete_of_conversation("d", before="2") == 1
    assert not (tmp_path / "media/a/d").exists()
    folder.delete_of_assistant("a")
    folder.delete_of_assistant("a")
    assert files(tmp_path) == ["media/b/e/1-0"]


def test_a_sweep_deletes_what_nothing_knows_of(folder: MediaFolder, tmp_path: Path) -> None:
    for media in ("known", "lost"):
        folder.write("a", "c", media, [JPEG], 5000)
    (tmp_path / "media/a/c/known.00.part").write_bytes(b"")

    assert folder.sweep(lambda _: ()) == 0  # all are young
    assert folder.sweep(lambda ids: {"known"} & set(ids), young_seconds=-5) == 2
    assert files(tmp_path) == ["media/a/c/known"]
