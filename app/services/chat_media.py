"""The files of chats: shown to who may read the chat, and deleted when no chat has them."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.callers import Caller
from app.domain.errors import NotFoundError
from app.domain.media import Media
from app.domain.permissions import Action
from app.services.access import Access
from app.services.ports import Clock
from app.services.ports.media import MediaFiles, MediaRows

# What has lost its chat has lost it in a crash, or with a database that was restored.
_SWEEP_EVERY = timedelta(days=1)

_log = logging.getLogger(__name__)


class ChatMedia:
    """Finds files by the chats they came with."""

    def __init__(self, access: Access, rows: MediaRows, files: MediaFiles, clock: Clock) -> None:
        self._access = access
        self._rows = rows
        self._files = files
        self._clock = clock
        self._swept_at: datetime | None = None

    def file(self, caller: Caller, media_id: str) -> tuple[Media, Path]:
        """A file, and where it is; raises `NotFoundError`, also where only its record is left."""
        chat = self._rows.chat_with(media_id)
        if chat is None:
            raise NotFoundError("file")
        self._access.assistant(caller, chat.assistant_id, Action.READ, "file")
        media = next(one for one in chat.media if one.id == media_id)
        path = self._files.path(chat.assistant_id, chat.conversation_id, media_id)
        if not media.kept or not path.is_file():
            raise NotFoundError("file")
        return media, path

    def sweep(self) -> None:
        """Delete, once a day, the files that no chat has."""
        now = self._clock()
        if self._swept_at is not None and timedelta() <= now - self._swept_at < _SWEEP_EVERY:
            return
        self._swept_at = now
        deleted = self._files.sweep(self._rows.known)
        if deleted:
            _log.info("%d files that no message has were deleted", deleted)
