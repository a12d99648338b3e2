"""The files of documents on disk.

<root>/<assistant id>/knowledge/<file>      what is searched
<root>/<assistant id>/prompt.txt            the assistant's prompt
<root>/<assistant id>/.staged/<revision>    uploads on their way to one of the two
"""

import hashlib
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from app.domain.disk_full import is_disk_full
from app.domain.documents import DocumentType
from app.domain.errors import DiskFullError, InvalidError, TooLargeError, UnavailableError
from app.domain.ids import is_id
from app.storage.folders import entries, locked, make_folder, open_made, sync_folder
from app.storage.names import safe_filename
from app.storage.skipped import skipped_entries, why_skipped

_log = logging.getLogger(__name__)

_BLOCK = 1024 * 1024
_STAGED = ".staged"
_LOCK = ".lock"


class DocumentsFolder:
    """Keeps the files of documents under one root; every path is built here from checked parts."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    def prepare(self) -> None:
        """Make the root folder."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def check(self) -> None:
        """Raise `OSError` when documents cannot be stored."""
        with tempfile.TemporaryFile(dir=self._root):
            pass

    def safe_name(self, filename: str) -> str:
        """The name under which an upload is kept ("": nothing of it can be)."""
        return safe_filename(filename)

    def path(self, assistant_id: str, kind: DocumentType, filename: str) -> Path:
        """Where a document's file is."""
        return self._folder(assistant_id) / self._place(kind, filename)

    def public_path(self, assistant_id: str, kind: DocumentType, filename: str) -> str:
        """The same place as people are told it: `documents/<assistant id>/knowledge/<file>`."""
        return f"documents/{assistant_id}/{self._place(kind, filename)}"

    def stage(self, assistant_id: str, revision: str, stream: IO[bytes], max_bytes: int) -> tuple[int, str]:
        """Copy `stream` to disk (synced); size in bytes and SHA-256; raises `InvalidError`, `TooLargeError`."""
        target = self.staged_path(assistant_id, revision)
        digest, size = hashlib.sha256(), 0
        try:
            with open_made(target, "xb") as file:
                while block := stream.read(_BLOCK):
                    size += len(block)
                    if size > max_bytes:
                        raise _too_large(max_bytes)
                    digest.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            if size == 0:
                raise InvalidError("The file is empty.", {"file": ["The file is empty."]})
        except BaseException as error:
            with suppress(OSError):
                target.unlink()
            if is_disk_full(error):
                raise DiskFullError("DOCUMENTS_DIR") from error
            if isinstance(error, OSError) and not isinstance(error, ConnectionError):
                _log.exception("An upload cannot be stored")
                sentence = "There is no room to store files right now; please try again later."
                raise UnavailableError(sentence) from error
            raise
        return size, digest.hexdigest()

    def staged_path(self, assistant_id: str, revision: str) -> Path:
        """Where the bytes of an upload wait."""
        if not is_id(revision):
            raise ValueError("a revision is an id")
        return self._folder(assistant_id) / _STAGED / revision

    def is_staged(self, assistant_id: str, revision: str) -> bool:
        """Whether the bytes of an upload still wait to be moved to their place."""
        return self.staged_path(assistant_id, revision).exists()

    def publish(self, assistant_id: str, revision: str, kind: DocumentType, filename: str) -> None:
        """Move staged bytes to their place in one step; does nothing when that has happened already."""
        staged = self.staged_path(assistant_id, revision)
        if not staged.exists():
            return
        target = self.path(assistant_id, kind, filename)
        make_folder(target.parent)
        staged.replace(target)
        sync_folder(target.parent)

    def discard(self, assistant_id: str, revision: str) -> None:
        """Drop staged bytes that nothing will ask for any more."""
        self.staged_path(assistant_id, revision).unlink(missing_ok=True)

    def staged_revisions(self, assistant_id: str) -> list[tuple[str, datetime]]:
        """The uploads that are still on their way, and since when."""
        found = []
        for entry in entries(self._folder(assistant_id) / _STAGED):
            with suppress(FileNotFoundError):  # it arrives just now
                if is_id(entry.name):
                    found.append((entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)))
        return found

    def delete(self, assistant_id: str, kind: DocumentType, filename: str) -> None:
        """Remove a document's file; its absence is fine."""
        self.path(assistant_id, kind, filename).unlink(missing_ok=True)

    def delete_assistant(self, assistant_id: str) -> None:
        """Remove everything an assistant has on disk."""
        # In one step, so that an upload that is still under way cannot get between.
        with suppress(FileNotFoundError):
            self._folder(assistant_id).rename(self._root / f".deleted-{assistant_id}-{secrets.token_hex(8)}")
        for deleted in self._root.glob(f".deleted-{assistant_id}-*"):
            shutil.rmtree(deleted, ignore_errors=True)

    def assistants(self) -> list[str]:
        """The ids of the assistants that have a folder."""
        return sorted(entry.name for entry in self._root.iterdir() if is_id(entry.name) and entry.is_dir())

    def files(self, assistant_id: str) -> Iterator[tuple[DocumentType, Path]]:
        """Every file that is a document's or could become one; `skipped` names the others."""
        folder = self._folder(assistant_id)
        prompt = folder / "prompt.txt"
        if not why_skipped(prompt):
            yield DocumentType.PROMPT, prompt
        for path in entries(folder / "knowledge"):
            if not why_skipped(path):
                yield DocumentType.RAG, path

    def skipped(self) -> Iterator[tuple[str, str]]:
        """The path, as people are told it, of every entry that cannot become a document, and why."""
        yield from skipped_entries(self._root)

    def exclusive(self, assistant_id: str) -> AbstractContextManager[None]:
        """Only one holder, in any process, changes which file and which record belong together."""
        return locked(self._folder(assistant_id) / _LOCK)

    def _folder(self, assistant_id: str) -> Path:
        if not is_id(assistant_id):
            raise ValueError("an assistant's folder is named by its id")
        return self._root / assistant_id

    @staticmethod
    def _place(kind: DocumentType, filename: str) -> str:
        if kind is DocumentType.PROMPT:
            return "prompt.txt"
        if not filename or Path(filename).name != filename or filename.startswith("."):
            raise ValueError("a file name names one file, and not a hidden one")
        return f"knowledge/{filename}"


def _too_large(max_bytes: int) -> TooLargeError:
    return TooLargeError(f"The file is larger than {max_bytes // 1024 // 1024} MB.")
