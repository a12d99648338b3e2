"""The files that customers sent, by assistant and conversation."""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.domain.errors import NotFoundError, TooLargeError
from app.domain.media import HEAD_BYTES, content_type_of, item_of_media
from app.storage.folders import entries, sync_folder
from app.storage.names import safe_filename

_TEMPORARY = ".part"
_YOUNG_SECONDS = 3600.0
_AT_ONCE = 200
_TRIES = 5
# After so many bytes it is looked again whether there is room.
_CHECKED_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """What was written: bytes, the type they tell of, and their SHA-256 in hex digits."""

    size: int
    content_type: str
    sha256: str


class MediaFolder:
    """`folder`/<assistant id>/<conversation id>/<media id>, for this service's user alone.

    `require_room` raises `DiskFullError` while nothing more may be written.
    """

    def __init__(self, folder: Path, require_room: Callable[[], None] = lambda: None) -> None:
        self._folder = folder
        self._require_room = require_room

    def write(
        self, assistant_id: str, conversation_id: str, media_id: str, pieces: Iterable[bytes], most_bytes: int
    ) -> StoredMedia:
        """Write a file as it comes; it is there whole or not at all.

        Raises `TooLargeError` at the first byte too many, `DiskFullError`, `OSError`, and whatever `pieces` raises.
        """
        self._require_room()
        path = self.path(assistant_id, conversation_id, media_id)
        for folder in (self._folder, path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Two processes may write the same file, one of which counts as dead.
        temporary = path.with_name(f"{media_id}.{secrets.token_hex(4)}{_TEMPORARY}")
        try:
            stored = _write(temporary, pieces, most_bytes, self._require_room)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        return stored

    def safe_name(self, name: str) -> str:
        """A sender's name for a file, as a name that no folder and no header minds; "" if nothing is left."""
        return safe_filename(name)

    def path(self, assistant_id: str, conversation_id: str, media_id: str) -> Path:
        """Where a file is, if it is there; raises `NotFoundError` for ids that are none."""
        return self._inside(assistant_id, conversation_id, media_id)

    def size_of(self, assistant_id: str) -> int:
        """How many bytes the files of an assistant's conversations have; looks at each."""
        size = 0
        for conversation in entries(self._inside(assistant_id)):
            for file in entries(conversation):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    size += file.stat().st_size
        return size

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete a conversation's files that came before the id `before` was made; returns how many there were."""
        deleted, name = 0, self._inside(conversation_id).name
        for assistant in entries(self._folder):
            folder = assistant / name
            for file in entries(folder):
                if item_of_media(file.name) < before:
                    file.unlink(missing_ok=True)
                    deleted += file.suffix != _TEMPORARY
            with suppress(OSError):  # something newer is in it, or nothing was
                folder.rmdir()
        return deleted

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Delete the files of all an assistant's conversations."""
        folder = self._inside(assistant_id)
        for _ in range(_TRIES):  # somebody may be writing in it just now
            with suppress(OSError):
                shutil.rmtree(folder)
            if not folder.exists():
                return
        shutil.rmtree(folder)

    def sweep(
        self, known: Callable[[Sequence[str]], Collection[str]], *, young_seconds: float = _YOUNG_SECONDS
    ) -> int:
        """Delete files that nothing knows of, and what was cut off while it was written; returns how many.

        `known` is asked which of some ids it knows. A young file's row may be yet to come.
        """
        before, deleted = time.time() - young_seconds, 0
        old = (file for file in self._files() if _is_older(file, before))
        while files := list(islice(old, _AT_ONCE)):
            kept = known([file.name for file in files if file.suffix != _TEMPORARY])
            for file in files:
                if file.name not in kept:
                    file.unlink(missing_ok=True)
                    deleted += 1
                    with suppress(OSError):  # others are in it
                        file.parent.rmdir()
        return deleted

    def _files(self) -> Iterator[Path]:
        for assistant in entries(self._folder):
            for conversation in entries(assistant):
                yield from entries(conversation)

    def _inside(self, *ids: str) -> Path:
        if not all(part.isascii() and part.replace("-", "").replace("_", "").isalnum() for part in ids):
            raise NotFoundError("file")
        return self._folder.joinpath(*ids)


def _write(path: Path, pieces: Iterable[bytes], most_bytes: int, require_room: Callable[[], None]) -> StoredMedia:
    head, size, digest, checked = b"", 0, hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > most_bytes:
                raise TooLargeError(f"The file has more than {most_bytes:,} bytes.")
            head = head if len(head) >= HEAD_BYTES else (head + piece)[:HEAD_BYTES]
            if size - checked > _CHECKED_BYTES:
                checked = size
                require_room()
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return StoredMedia(size, content_type_of(head), digest.hexdigest())


def _is_older(file: Path, before: float) -> bool:
    with suppress(FileNotFoundError):
        return file.stat().st_mtime < before
    return False
