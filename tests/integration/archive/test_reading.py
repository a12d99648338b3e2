"""What is no archive, or no whole one, is refused in one line, and nothing of it is believed before."""

import gzip
import shutil
from pathlib import Path

import pytest
from pymongo.database import Database

from app.archive import ArchiveError
from app.archive.format import MAX_LINE_BYTES
from app.domain.rows import Row
from tests.integration.archive.helpers import (
    ASSISTANT,
    FILES,
    Line,
    file_lines,
    files_in,
    lines_of,
    made_of,
    packed,
    refuse,
    take,
)

ID = {"$oid": "64a000000000000000000002"}


def test_damaged_bytes_are_refused(archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    damaged = tmp_path / "damaged.gz"
    for at in (len(whole) // 10, len(whole) // 2):
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        refuse(target, folder, damaged, "archive is damaged")


@pytest.mark.parametrize(
    "content",
    [b"", b"not an archive", b"PK\x03\x04" + bytes(100), b"\x1f\x8b" + bytes(100), gzip.compress(b"", mtime=0)],
)
def test_what_is_no_archive_is_refused(content: bytes, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "export.gz"
    file.write_bytes(content)
    refuse(target, folder, file, "damaged, or was not made by an export")


def test_a_cut_archive_is_refused(archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "export.gz"
    file.write_bytes(archive.read_bytes()[:-1000])
    refuse(target, folder, file, "damaged")


def test_an_archive_without_its_last_line_is_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    raw = gzip.decompress(archive.read_bytes())
    refuse(target, folder, packed(raw[: raw.rindex(b"\n", 0, -1) + 1], tmp_path), "a line is cut off")
    refuse(target, folder, packed(raw[:-20], tmp_path), "a line is cut off")


def test_a_missing_file_is_an_error(target: Database[Row], folder: Path, tmp_path: Path) -> None:
    refuse(target, folder, tmp_path / "nothing.gz", "No such file or directory")


def test_other_lines_are_refused(target: Database[Row], folder: Path, tmp_path: Path) -> None:
    refuse(target, folder, packed(b'{"name": "Ana"}\n', tmp_path), "not an export")
    refuse(target, folder, packed(b"[]\n", tmp_path), "a line cannot be read")


def test_another_format_is_refused(archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    header, *others = lines_of(archive)
    newer = made_of([header | {"orquestradora": 3}, *others], tmp_path)
    refuse(target, folder, newer, "another version that writes another format")


@pytest.mark.parametrize(
    "path",
    ["../evil.txt", "/etc/evil.txt", "64a0/../../evil.txt", "a\\..\\evil.txt", "./evil.txt", "a//b", "e\x00", ""],
)
def test_no_path_leads_out(path: str, archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    crafted = made_of([*lines_of(archive), *file_lines(path, b"evil")], tmp_path)
    refuse(target, folder, crafted, "a line is not right .is no relative path")
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (file_lines("a.txt", b"evil")[:1], "does not hold what its last line says"),
        ([*file_lines("a.txt", b"evil"), {"data": "ZXZpbA=="}], "a line is not right"),
        ([file_lines("a.txt", b"evil")[0], {"data": "ZXZpbHM="}], "a.txt is not as long as it says"),
        ([file_lines("a.txt", b"evil")[0], {"data": "bGl2ZQ=="}], "a.txt is not what its line says"),
        ([file_lines("a.txt", b"evil")[0] | {"bytes": -1}], "a line is not right"),
        ([{"collection": "system.users", "row": {"_id": 1}}], "is no name of a collection"),
        ([{"collection": "unfinished_import", "row": {"_id": 1}}], "collections that no export writes"),
        ([{"collection": f"c{number}", "row": {"_id": 1}} for number in range(500)], "that no export writes"),
        ([{"collection": "types", "row": {"name": "Ana"}}], "has no _id"),
        ([{"collection": "types", "row": [1]}], "a line is not right"),
        ([{"collection": "types", "row": {"_id": {"$oid": "short"}}}], "a line cannot be read"),
        ([{"collection": "types", "row": {"_id": {"$date": {"$numberLong": "9" * 30}}}}], "a line cannot be read"),
        ([{"collection": "types", "row": {"_id": 1}, "more": 1}], "a line is not right"),
        ([{}], "a line is not right"),
    ],
)
def test_lines_that_no_export_writes_are_refused(
    lines: list[Line], sentence: str, archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    refuse(target, folder, made_of([*lines_of(archive), *lines], tmp_path), sentence)


def test_a_line_is_not_read_deeper_than_it_can_be(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    raw = gzip.decompress(archive.read_bytes())
    refuse(target, folder, packed(raw + b'{"a":' * 100_000 + b"\n", tmp_path), "archive is damaged")
    header = raw[: raw.index(b"\n") + 1]
    refuse(target, folder, packed(header + b'{"a":' * 100_000 + b"\n", tmp_path), "a line cannot be read")


def test_a_line_without_end_is_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a bomb would have one: a few kilobytes that unpack to gigabytes."""
    raw = gzip.decompress(archive.read_bytes())
    bomb = packed(raw[: raw.index(b"\n") + 1] + bytes(MAX_LINE_BYTES + 1), tmp_path)
    assert bomb.stat().st_size < 200_000
    refuse(target, folder, bomb, "a line is cut off")


@pytest.mark.parametrize("end", [{"rows": {"types": 2}}, {"files": 9}, {"sha256": "0" * 64}, {"sha256": "x"}])
def test_an_archive_of_other_counts_is_refused(
    end: Line, archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    refuse(target, folder, made_of(lines_of(archive), tmp_path, **end), "archive is damaged")


def test_nothing_may_follow_the_last_line(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    raw = gzip.decompress(archive.read_bytes())
    refuse(target, folder, packed(raw + b"{}\n", tmp_path), "something follows its last line")


def test_two_files_of_one_path_are_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    twice = [*file_lines(f"{ASSISTANT}/x.txt", b"one"), *file_lines(f"{ASSISTANT}/x.txt", b"two")]
    with pytest.raises(ArchiveError, match="another file in the place"):
        take(target, folder, made_of([*lines_of(archive), *twice], tmp_path))
    assert files_in(folder) == {}
    assert target["types"].find_one() is None


def test_a_row_that_no_database_takes_is_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    row = {"_id": ID, "n": 2**70}
    crafted = made_of([*lines_of(archive), {"collection": "types", "row": row}], tmp_path)
    refuse(target, folder, crafted, "a row of types cannot be stored")


@pytest.mark.parametrize("value", ["{}", "[]", "0"])
def test_a_line_with_more_values_than_a_row_is_refused(
    value: str, archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    """A few kilobytes that would take gigabytes of memory."""
    raw = gzip.decompress(archive.read_bytes())
    values = ",".join([value] * 3_000_000)
    line = f'{{"collection":"types","row":{{"_id":1,"a":[{values}]}}}}\n'.encode()

    refuse(target, folder, packed(raw[: raw.index(b"\n") + 1] + line, tmp_path), "more values than a row")


def test_a_long_text_of_commas_is_no_bomb(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    row = {"_id": 7, "text": ',{"[\\' * 1_000_000}
    crafted = made_of([*lines_of(archive), {"collection": "types", "row": row}], tmp_path)

    take(target, folder, crafted)

    assert target["types"].find_one({"_id": 7}) == row


def test_rows_that_the_service_could_not_read_are_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    def is_readable(collection: str, row: Row) -> bool:
        return row.get("name") != 5

    row = {"_id": ID, "name": 5}
    crafted = made_of([*lines_of(archive), {"collection": "users", "row": row}], tmp_path)

    with pytest.raises(ArchiveError, match="a row of users is not one of this service"):
        take(target, folder, crafted, is_readable=is_readable)
    assert target.list_collection_names() == []


@pytest.mark.parametrize("second", [{"_id": 1, "n": 2}, {"_id": 2, "n": 1}])
def test_rows_of_one_id_or_one_key_leave_nothing(
    second: Line, archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    twice = [{"collection": "types", "row": row} for row in ({"_id": 1, "n": 1}, second)]
    crafted = made_of([*lines_of(archive), *twice], tmp_path)

    def make_indexes() -> None:
        target["types"].create_index("n", unique=True, sparse=True)

    with pytest.raises(ArchiveError, match="the archive has rows of one id"):
        take(target, folder, crafted, make_indexes=make_indexes)
    assert [name for name in target.list_collection_names() if target[name].find_one()] == []
    assert files_in(folder) == {}
    assert take(target, folder, archive).files == len(FILES)


def test_an_import_that_is_undone_leaves_what_others_have(
    archive: Path, target: Database[Row], documents: Path, folder: Path, tmp_path: Path
) -> None:
    twice = [{"collection": "types", "row": {"_id": 1, "n": number}} for number in range(2)]
    crafted = made_of([*lines_of(archive), *twice], tmp_path)
    shutil.copytree(documents, folder, symlinks=True)

    def make_indexes() -> None:
        target["types"].insert_one({"_id": 2, "name": "somebody else's"})

    with pytest.raises(ArchiveError):
        take(target, folder, crafted, make_indexes=make_indexes)
    assert [row["_id"] for row in target["types"].find()] == [2]
    assert FILES.items() <= files_in(folder).items()
