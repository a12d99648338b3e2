"""Export and import: all of it, or a sentence that says why not and nothing written."""

import hashlib
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bson import Decimal128, Int64, ObjectId
from pymongo.database import Database

from app.archive import ArchiveError, Counts, export_archive, has_unfinished_import, import_archive
from app.repositories.mongo import Row
from tests.fakes.database import running_database, scratch_database

FINGERPRINT = "1f0c"
CHUNKS = 3000
FILES = {
    "64a0/prompt.txt": "Você é um atendente.".encode(),
    "64a0/knowledge/política de devolução 📦.md": b"# 30 dias\n" * 1000,
    "64a0/knowledge/empty.txt": b"",
    "64a0/.staged/64b1": b"an upload on its way",
    "64a1/knowledge/scan.pdf": os.urandom(2_500_000),
}
EVERY_TYPE: Row = {
    "_id": "a text id",
    "oid": ObjectId(),
    "when": datetime(2026, 11, 22, 7, 37, 12, 345000, tzinfo=UTC),
    "before_1970": datetime(1911, 1, 1, tzinfo=UTC),
    "bytes": bytes(range(256)),
    "nested": {"list": [1, [2.5, None], {"deep": True}], "empty": {}},
    "text": "São João\u2028\n\t\\\"'\U0001f4e6\x00fim",
    "int32": 2**31 - 1,
    "int64": Int64(2**53 + 1),
    "small_int64": Int64(7),
    "float": 0.1 + 0.2,
    "infinite": float("-inf"),
    "decimal": Decimal128("12.3400"),
}


class Progressed:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.calls.append((done, total))


class CutOffError(Exception):
    """Stands for a kill in the middle."""


@pytest.fixture(scope="module")
def uri() -> Iterator[str]:
    with running_database() as uri:
        yield uri


@pytest.fixture(scope="module")
def source(uri: str) -> Iterator[Database[Row]]:
    with scratch_database(uri) as database:
        database["types"].insert_one(EVERY_TYPE)
        database["login_attempts"].insert_one({"_id": "somebody", "count": 3})
        database["empty"].create_index("name")
        yield database


@pytest.fixture(scope="module")
def large_source(uri: str) -> Iterator[Database[Row]]:
    with scratch_database(uri) as database:
        database["chunks"].insert_many(
            [{"position": number, "embedding": os.urandom(1536)} for number in range(CHUNKS)]
        )
        yield database


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("documents")
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / ".gitkeep").touch()
    (root / "64a0" / ".lock").touch()
    (root / "64a0" / "knowledge" / "link.md").symlink_to("/etc/hostname")
    return root


@pytest.fixture(scope="module")
def archive(source: Database[Row], documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "export.zip"
    export_archive(source, documents, file, fingerprint=FINGERPRINT, progress=Progressed())
    return file


@pytest.fixture(scope="module")
def large_archive(large_source: Database[Row], documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("large_archive") / "export.zip"
    export_archive(large_source, documents, file, fingerprint=FINGERPRINT, progress=Progressed())
    return file


@pytest.fixture
def target(uri: str) -> Iterator[Database[Row]]:
    with scratch_database(uri) as database:
        yield database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


def files_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def rows_of(database: Database[Row], collection: str) -> dict[Any, Row]:
    return {row["_id"]: row for row in database[collection].find()}


def take(target: Database[Row], folder: Path, archive: Path) -> Counts:
    return import_archive(target, folder, archive, fingerprint=FINGERPRINT, progress=Progressed())


def refuse(target: Database[Row], folder: Path, archive: Path, sentence: str) -> None:
    """The import fails with `sentence` and has written nothing."""
    before = {name: target[name].count_documents({}) for name in target.list_collection_names()}
    with pytest.raises(ArchiveError, match=sentence) as failure:
        take(target, folder, archive)
    assert "\n" not in failure.value.message
    assert {name: target[name].count_documents({}) for name in target.list_collection_names()} == before
    assert not files_in(folder)


def rebuild(archive: Path, into: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Path:
    """The archive again, after `change` has seen its members and its manifest."""
    with zipfile.ZipFile(archive) as source:
        members = {name: source.read(name) for name in source.namelist() if name != "manifest.json"}
        manifest = json.loads(source.read("manifest.json"))
    change(members, manifest)
    file = into / "changed.zip"
    with zipfile.ZipFile(file, "w") as changed:
        for name, content in members.items():
            changed.writestr(name, content)
        changed.writestr("manifest.json", json.dumps(manifest))
    return file


def described(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_every_type_arrives_as_it_was(archive: Path, target: Database[Row], folder: Path) -> None:
    assert take(target, folder, archive) == Counts({"empty": 0, "types": 1}, len(FILES))
    row = target["types"].find_one()
    assert row == EVERY_TYPE
    assert {name: type(value) for name, value in row.items()} == {
        name: type(value) for name, value in EVERY_TYPE.items()
    }
    assert target["login_attempts"].find_one() is None
    assert files_in(folder) == FILES
    assert not has_unfinished_import(target)


def test_many_rows_arrive_and_tell_their_progress(
    large_source: Database[Row], documents: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    file, out, back = tmp_path / "export.zip", Progressed(), Progressed()
    file.write_text("an older export")
    exported = export_archive(large_source, documents, file, fingerprint=FINGERPRINT, progress=out)
    imported = import_archive(target, folder, file, fingerprint=FINGERPRINT, progress=back)
    assert exported == imported == Counts({"chunks": CHUNKS}, len(FILES))
    assert rows_of(target, "chunks") == rows_of(large_source, "chunks")
    total = CHUNKS + len(FILES)
    for progress in (out, back):
        assert progress.calls[-1] == (total, total)
        assert progress.calls == sorted(progress.calls)
        assert len(progress.calls) > CHUNKS / 500
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".*"))


def test_an_export_that_fails_leaves_the_older_one(source: Database[Row], documents: Path, tmp_path: Path) -> None:
    def cut_off(done: int, total: int) -> None:
        raise CutOffError

    file = tmp_path / "export.zip"
    file.write_text("an older export")
    with pytest.raises(CutOffError):
        export_archive(source, documents, file, fingerprint=FINGERPRINT, progress=cut_off)
    assert file.read_text() == "an older export"
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_to_nowhere_is_an_error(source: Database[Row], documents: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="could not be written: No such file or directory"):
        export_archive(source, documents, tmp_path / "no" / "x.zip", fingerprint=FINGERPRINT, progress=Progressed())


def test_another_secret_key_is_refused(archive: Path, target: Database[Row], folder: Path) -> None:
    with pytest.raises(ArchiveError, match="made with another SECRET_KEY"):
        import_archive(target, folder, archive, fingerprint="2e1d", progress=Progressed())
    assert target.list_collection_names() == []
    assert not folder.exists()


def test_a_database_with_rows_is_refused(archive: Path, target: Database[Row], folder: Path) -> None:
    target["users"].insert_one({"name": "Ana"})
    refuse(target, folder, archive, r"not empty .*users.* needs an empty database")


def test_empty_collections_and_attempts_are_not_rows(archive: Path, target: Database[Row], folder: Path) -> None:
    target["users"].create_index("email", unique=True)
    target["login_attempts"].insert_one({"_id": "somebody"})
    assert take(target, folder, archive).files == len(FILES)


def test_the_same_files_may_be_there_already(
    archive: Path, target: Database[Row], documents: Path, folder: Path
) -> None:
    shutil.copytree(documents, folder, symlinks=True)
    take(target, folder, archive)
    assert FILES.items() <= files_in(folder).items()


def test_another_file_in_the_place_is_refused(archive: Path, target: Database[Row], folder: Path) -> None:
    (folder / "64a0").mkdir(parents=True)
    (folder / "64a0" / "prompt.txt").write_text("somebody else's")
    with pytest.raises(ArchiveError, match=r"another file in the place of 64a0/prompt\.txt"):
        take(target, folder, archive)
    assert files_in(folder) == {"64a0/prompt.txt": b"somebody else's"}
    assert target.list_collection_names() == []


def test_a_link_out_of_the_documents_folder_is_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / "64a1").symlink_to(tmp_path / "elsewhere")
    refuse(target, folder, archive, "link leads out of the documents folder")
    assert not files_in(tmp_path / "elsewhere")


@pytest.mark.parametrize("cut_at", [1, len(FILES) + 1000])
def test_an_import_that_was_cut_off_is_finished_by_the_next(
    cut_at: int, large_archive: Path, target: Database[Row], documents: Path, folder: Path, tmp_path: Path
) -> None:
    def cut_off(done: int, total: int) -> None:
        if done >= cut_at:
            raise CutOffError

    with pytest.raises(CutOffError):
        import_archive(target, folder, large_archive, fingerprint=FINGERPRINT, progress=cut_off)
    assert has_unfinished_import(target)
    with pytest.raises(ArchiveError, match="cut off: finish it before you export"):
        export_archive(target, documents, tmp_path / "x.zip", fingerprint=FINGERPRINT, progress=Progressed())
    assert take(target, folder, large_archive).rows == {"chunks": CHUNKS}
    assert not has_unfinished_import(target)
    assert files_in(folder) == FILES


def test_another_archive_does_not_finish_an_import(archive: Path, target: Database[Row], folder: Path) -> None:
    target["unfinished_import"].insert_one({"_id": "another"})
    refuse(target, folder, archive, "import of another file into this database was cut off")


def test_rows_that_came_in_between_are_noticed(archive: Path, target: Database[Row], folder: Path) -> None:
    def intrude(done: int, total: int) -> None:
        if done == total:
            target["types"].insert_one({"name": "intruder"})

    with pytest.raises(ArchiveError, match="types has 2 rows instead of 1"):
        import_archive(target, folder, archive, fingerprint=FINGERPRINT, progress=intrude)
    assert has_unfinished_import(target)


def test_damaged_bytes_are_refused(archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    damaged = tmp_path / "damaged.zip"
    for at in (len(whole) // 10, len(whole) // 2):
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        refuse(target, folder, damaged, "archive is damaged")


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_archive_is_refused(content: bytes, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    file.write_bytes(content)
    refuse(target, folder, file, "damaged, or was not made by an export")


def test_a_cut_archive_is_refused(archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    file.write_bytes(archive.read_bytes()[:-1000])
    refuse(target, folder, file, "damaged")


def test_a_missing_file_is_an_error(target: Database[Row], folder: Path, tmp_path: Path) -> None:
    refuse(target, folder, tmp_path / "nothing.zip", "No such file or directory")


def test_any_other_zip_is_refused(target: Database[Row], folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as other:
        other.writestr("holiday.jpg", b"")
    refuse(target, folder, tmp_path / "x.zip", "not an export: it has no manifest")


@pytest.mark.parametrize(
    "path",
    ["../evil.txt", "/etc/evil.txt", "64a0/../../evil.txt", "a\\..\\evil.txt", "./evil.txt", "a//b", "e\x00"],
)
def test_no_path_leads_out(path: str, archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    def add(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members[f"documents/{path}"] = b"evil"
        manifest["documents"][path] = described(b"evil")

    refuse(target, folder, rebuild(archive, tmp_path, add), "manifest of the archive is damaged")
    assert not list(tmp_path.rglob("evil*"))


def test_a_link_in_the_archive_is_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    def announce(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest["documents"]["link"] = described(b"/etc/passwd")

    file = rebuild(archive, tmp_path, announce)
    with zipfile.ZipFile(file, "a") as changed:
        link = zipfile.ZipInfo("documents/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        changed.writestr(link, b"/etc/passwd")
    refuse(target, folder, file, "documents/link is not what the manifest says")


def test_more_than_the_manifest_lists_is_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    def bomb(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["documents/64a0/prompt.txt"] = bytes(5_000_000)

    def stowaway(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["documents/64a0/extra.txt"] = b"extra"

    refuse(target, folder, rebuild(archive, tmp_path, bomb), "prompt.txt is not what the manifest says")
    refuse(target, folder, rebuild(archive, tmp_path, stowaway), "does not hold what its manifest lists")


def test_another_format_is_refused(archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    def newer(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest["format"] = 2

    refuse(target, folder, rebuild(archive, tmp_path, newer), "another version that writes another format")


def test_rows_that_are_none_are_refused(archive: Path, target: Database[Row], folder: Path, tmp_path: Path) -> None:
    def nonsense(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["collections/types.jsonl"] = b'{"_id": {"$oid": "short"}}\n'
        manifest["collections"]["types"] = described(b'{"_id": {"$oid": "short"}}\n') | {"rows": 1}

    with pytest.raises(ArchiveError, match="a row cannot be read"):
        take(target, folder, rebuild(archive, tmp_path, nonsense))
    assert has_unfinished_import(target)


def test_a_collection_of_the_system_is_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    def users(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["collections/system.users.jsonl"] = b""
        manifest["collections"]["system.users"] = described(b"") | {"rows": 0}

    refuse(target, folder, rebuild(archive, tmp_path, users), "manifest of the archive is damaged")
