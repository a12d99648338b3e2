"""The documents folder."""

import errno
import hashlib
import threading
from io import BytesIO
from pathlib import Path

import pytest

from app.domain.documents import DocumentType
from app.domain.errors import DiskFullError, InvalidError, TooLargeError, UnavailableError
from app.domain.ids import new_id
from app.storage.documents_folder import DocumentsFolder

PROMPT, RAG = DocumentType.PROMPT, DocumentType.RAG
ASSISTANT = new_id()


@pytest.fixture
def folder(tmp_path: Path) -> DocumentsFolder:
    folder = DocumentsFolder(tmp_path / "documents")
    folder.prepare()
    return folder


def store(folder: DocumentsFolder, text: str, kind: DocumentType = RAG, filename: str = "a.md") -> str:
    revision = new_id()
    folder.stage(ASSISTANT, revision, BytesIO(text.encode()), 1000)
    folder.publish(ASSISTANT, revision, kind, filename)
    return revision


def contents(root: Path) -> dict[str, str]:
    """All files that hold something, by their place."""
    found = [path for path in root.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(root).as_posix(): path.read_text() for path in found}


def test_the_layout_on_disk(folder: DocumentsFolder, tmp_path: Path) -> None:
    store(folder, "knowledge", RAG, "Preços 🍕.md")
    store(folder, "prompt", PROMPT, "any name.md")

    assert contents(tmp_path) == {
        f"documents/{ASSISTANT}/knowledge/Preços 🍕.md": "knowledge",
        f"documents/{ASSISTANT}/prompt.txt": "prompt",
    }
    assert folder.path(ASSISTANT, RAG, "a.md") == tmp_path / "documents" / ASSISTANT / "knowledge" / "a.md"
    assert folder.public_path(ASSISTANT, RAG, "a.md") == f"documents/{ASSISTANT}/knowledge/a.md"
    assert folder.public_path(ASSISTANT, PROMPT, "a.md") == f"documents/{ASSISTANT}/prompt.txt"


def test_staging_tells_size_and_digest(folder: DocumentsFolder) -> None:
    data = bytes(range(256)) * 9000

    size, digest = folder.stage(ASSISTANT, new_id(), BytesIO(data), len(data))

    assert (size, digest) == (len(data), hashlib.sha256(data).hexdigest())


def test_what_is_too_large_or_empty_leaves_nothing(folder: DocumentsFolder, tmp_path: Path) -> None:
    with pytest.raises(TooLargeError, match="larger than 2 MB"):
        folder.stage(ASSISTANT, new_id(), BytesIO(bytes(2 * 1024 * 1024 + 1)), 2 * 1024 * 1024)
    with pytest.raises(InvalidError):
        folder.stage(ASSISTANT, new_id(), BytesIO(b""), 1000)

    assert contents(tmp_path) == {}


def test_an_upload_that_breaks_off_leaves_nothing(folder: DocumentsFolder, tmp_path: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        folder.stage(ASSISTANT, new_id(), Broken(bytes(3 * 1024 * 1024)), 10**9)

    assert contents(tmp_path) == {}


def test_staged_bytes_are_no_document_yet(folder: DocumentsFolder) -> None:
    revision = new_id()
    folder.stage(ASSISTANT, revision, BytesIO(b"x"), 9)

    assert [one for one, _ in folder.staged_revisions(ASSISTANT)] == [revision]
    assert list(folder.files(ASSISTANT)) == []

    folder.discard(ASSISTANT, revision)
    assert folder.staged_revisions(ASSISTANT) == []
    folder.discard(ASSISTANT, revision)


def test_publishing_replaces_and_can_be_repeated(folder: DocumentsFolder) -> None:
    first = store(folder, "old")
    second = store(folder, "new")
    for revision in (second, first):
        folder.publish(ASSISTANT, revision, RAG, "a.md")

    assert folder.path(ASSISTANT, RAG, "a.md").read_text() == "new"
    assert folder.staged_revisions(ASSISTANT) == []


def test_deleting_can_be_repeated(folder: DocumentsFolder, tmp_path: Path) -> None:
    store(folder, "x")
    store(folder, "y", PROMPT)

    for _ in range(2):
        folder.delete(ASSISTANT, RAG, "a.md")
    assert contents(tmp_path) == {f"documents/{ASSISTANT}/prompt.txt": "y"}
    for _ in range(2):
        folder.delete_assistant(ASSISTANT)
    assert list((tmp_path / "documents").iterdir()) == []


def test_only_plain_files_could_become_documents(folder: DocumentsFolder, tmp_path: Path) -> None:
    store(folder, "x", RAG, "b.md")
    store(folder, "x", RAG, "a.md")
    store(folder, "x", PROMPT)
    knowledge = folder.path(ASSISTANT, RAG, "a.md").parent
    (knowledge / "folder").mkdir()
    (knowledge / ".hidden.md").write_text("x")
    (tmp_path / "secret.md").write_text("x")
    (knowledge / "link.md").symlink_to(tmp_path / "secret.md")

    assert [(kind, path.name) for kind, path in folder.files(ASSISTANT)] == [
        (PROMPT, "prompt.txt"),
        (RAG, "a.md"),
        (RAG, "b.md"),
    ]
    assert list(folder.files(new_id())) == []


def test_assistants_are_the_folders_named_by_an_id(folder: DocumentsFolder, tmp_path: Path) -> None:
    store(folder, "x")
    (tmp_path / "documents" / "lost+found").mkdir()
    (tmp_path / "documents" / new_id()).write_text("a file")

    assert folder.assistants() == [ASSISTANT]


@pytest.mark.parametrize("assistant_id", ["", ".", "..", "../x", "/etc", "x" * 24, "0" * 23, "0" * 23 + "/"])
def test_only_an_id_names_a_folder(folder: DocumentsFolder, assistant_id: str) -> None:
    with pytest.raises(ValueError, match="named by its id"):
        folder.path(assistant_id, RAG, "a.md")
    with pytest.raises(ValueError, match="named by its id"):
        folder.delete_assistant(assistant_id)


@pytest.mark.parametrize("filename", ["", ".", "..", "../a.md", "/a.md", "a/b.md", ".hidden", ".staged"])
def test_only_a_name_names_a_file(folder: DocumentsFolder, filename: str) -> None:
    with pytest.raises(ValueError, match="names one file"):
        folder.path(ASSISTANT, RAG, filename)


@pytest.mark.parametrize("revision", ["", "..", "../../x", "a.md"])
def test_only_an_id_names_a_revision(folder: DocumentsFolder, revision: str) -> None:
    with pytest.raises(ValueError, match="revision"):
        folder.staged_path(ASSISTANT, revision)


def test_documents_that_cannot_be_stored_are_noticed(folder: DocumentsFolder, tmp_path: Path) -> None:
    folder.check()
    (tmp_path / "documents").rmdir()

    with pytest.raises(OSError, match="documents"):
        folder.check()


def test_one_holder_at_a_time(folder: DocumentsFolder) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with folder.exclusive(ASSISTANT):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (inside, most) == (0, 1)


def test_a_lock_survives_the_deletion_of_its_folder(folder: DocumentsFolder) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def wait() -> None:
        waiting.set()
        with folder.exclusive(ASSISTANT):
            order.append("second")

    second = threading.Thread(target=wait)
    with folder.exclusive(ASSISTANT):
        second.start()
        waiting.wait(30)
        order.append("first")
        folder.delete_assistant(ASSISTANT)
    second.join(30)

    assert order == ["first", "second"]
    with folder.exclusive(ASSISTANT):
        pass


def test_folders_that_come_and_go_keep_nobody_from_the_lock(folder: DocumentsFolder) -> None:
    failures: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(200):
                with folder.exclusive(ASSISTANT):
                    folder.delete_assistant(ASSISTANT)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []


def test_a_disk_that_takes_nothing_is_said(folder: DocumentsFolder) -> None:
    staged = folder.staged_path(ASSISTANT, new_id()).parent
    staged.parent.mkdir(parents=True)
    staged.write_text("a file where a folder belongs")

    with pytest.raises(UnavailableError, match="no room"):
        folder.stage(ASSISTANT, new_id(), BytesIO(b"x"), 10)


class FullDisk(BytesIO):
    """Bytes that come until there is no room for them."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_has_an_error_of_its_own(folder: DocumentsFolder) -> None:
    with pytest.raises(DiskFullError):
        folder.stage(ASSISTANT, new_id(), FullDisk(), 10)
    assert folder.staged_revisions(ASSISTANT) == []


def test_what_a_deletion_that_was_cut_off_left_is_removed(folder: DocumentsFolder) -> None:
    folder.stage(ASSISTANT, new_id(), BytesIO(b"x"), 10)
    root = folder.staged_path(ASSISTANT, new_id()).parents[2]
    (root / f".deleted-{ASSISTANT}-0" / "knowledge").mkdir(parents=True)

    folder.delete_assistant(ASSISTANT)
    folder.delete_assistant(ASSISTANT)

    assert list(root.iterdir()) == []
