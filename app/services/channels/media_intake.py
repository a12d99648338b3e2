"""The files of a customer's message: fetched at once, kept, and read as far as this service can read them."""

import logging
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.answers import MOST_IMAGE_BYTES
from app.domain.channels import (
    AssistantChannel,
    ChannelKind,
    ErrorAction,
    EventKind,
    MediaKind,
    MediaReference,
    ProviderError,
)
from app.domain.disk_full import is_disk_full
from app.domain.errors import BudgetExhaustedError, DiskFullError, ModelError, TooLargeError, UnavailableError
from app.domain.inbox import InboxItem
from app.domain.media import Media, TakenMedia, media_id
from app.services.channels.media_quota import MediaQuota
from app.services.ports.channels import ChannelAdapter
from app.services.ports.media import AssistantTranscription, MediaFiles, TakenMediaRows

# What fails in passing is tried so often, and then left to a person: the customer shall not wait for ever, which a
# provider that answers nothing costs most of.
_MOST_ATTEMPTS = 3
_PASSING = {ErrorAction.RETRY: _MOST_ATTEMPTS, ErrorAction.LOOK: 2}
_TRANSCRIPTION_SECONDS = 60.0
_CHANNEL_DELETED = "The channel was deleted before its file was fetched."
_SPOKEN = {MediaKind.VOICE, MediaKind.AUDIO}
_RECORDINGS = ("audio/", "video/")
REFUSALS = ("quota", TooLargeError.code, DiskFullError.code, "disk", "provider")
"""Why files are not kept: their assistant has too many, one is too large, a disk, or what the provider said."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MediaRules:
    """How large a file may be, and whether models see pictures."""

    most_bytes: int
    sees_images: bool


class MediaIntake:
    """Takes files in. Without `transcriber`, recordings are only kept.

    `on_refused` is told why a file is not kept: one of `REFUSALS`.
    """

    def __init__(
        self,
        rows: TakenMediaRows,
        files: MediaFiles,
        transcriber: AssistantTranscription | None,
        adapters: Mapping[ChannelKind, ChannelAdapter],
        rules: MediaRules,
        *,
        quota: MediaQuota,
        on_refused: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._rows = rows
        self._files = files
        self._transcriber = transcriber
        self._adapters = adapters
        self._rules = rules
        self._quota = quota
        self._on_refused = on_refused

    def take(self, channel: AssistantChannel, item: InboxItem) -> InboxItem:
        """The item with its files, which are fetched and read once, however often this is asked.

        What cannot be fetched or read is for a person, and says why. Raises `UnavailableError` where that may be
        different soon.
        """
        if not item.event.media or item.taken is not None:
            return item
        numbered = enumerate(item.event.media)
        files = tuple(self._read(item, self._stored(channel, item, number, one)) for number, one in numbered)
        needs_person = any(not self._is_readable(one) for one in files)
        return replace(item, taken=self._rows.took(item.id, TakenMedia(files, needs_person)))

    def _stored(self, channel: AssistantChannel, item: InboxItem, number: int, reference: MediaReference) -> Media:
        name = self._files.safe_name(reference.filename or "")
        media = Media(media_id(item.id, number), reference.kind, filename=name or None)
        if channel.deleted_at is not None:
            return replace(media, kept=False, error=_CHANNEL_DELETED)
        left = self._quota.left(item.assistant_id)
        try:
            if left == 0:
                raise _NotHadError("quota", self._quota.sentence)
            with _explained(item.attempts + 1), _closed(self._adapters[channel.kind], channel, reference) as pieces:
                place = (item.assistant_id, item.conversation_id, media.id)
                stored = self._files.write(*place, pieces, self._most_bytes(left))
        except _NotHadError as error:
            no_room = error.code == TooLargeError.code and self._most_bytes(left) < self._rules.most_bytes
            return self._refused(channel, media, _NotHadError("quota", self._quota.sentence) if no_room else error)
        self._quota.added(item.assistant_id, stored.size)
        return replace(media, content_type=stored.content_type, size=stored.size)

    def _most_bytes(self, left: int | None) -> int:
        return self._rules.most_bytes if left is None else min(left, self._rules.most_bytes)

    def _refused(self, channel: AssistantChannel, media: Media, error: "_NotHadError") -> Media:
        _log.warning("channel %s: a file could not be had (%s)", channel.id, error.code)
        self._on_refused(error.code if error.code in REFUSALS else "provider")
        return replace(media, kept=False, error=error.sentence)

    def _read(self, item: InboxItem, media: Media) -> Media:
        """With its transcript, if it is a recording in which a customer says something."""
        if item.event.kind is EventKind.ECHO:
            return media
        if media.kind not in _SPOKEN or not media.kept or self._transcriber is None:
            return media
        if not media.content_type.startswith(_RECORDINGS):
            return replace(media, error="The file is no recording, whatever its sender says.")
        path: Path = self._files.path(item.assistant_id, item.conversation_id, media.id)
        try:
            said = self._transcriber.transcribe(item.assistant_id, path, _TRANSCRIPTION_SECONDS)
        except (ModelError, BudgetExhaustedError) as error:
            return replace(media, error=error.message)
        return replace(media, transcript=said or None, error=None if said else "Nothing is said in the recording.")

    def _is_readable(self, media: Media) -> bool:
        is_seen = self._rules.sees_images and media.is_visible and media.size <= MOST_IMAGE_BYTES
        return is_seen or media.transcript is not None


class _NotHadError(Exception):
    """A file cannot be had, and will not be; `sentence` is for the operator."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@contextmanager
def _closed(
    adapter: ChannelAdapter, channel: AssistantChannel, reference: MediaReference
) -> Iterator[Iterator[bytes]]:
    """A file as it comes, and the end of its connection whatever happens to it."""
    pieces = adapter.fetch_media(channel, reference)
    try:
        yield pieces
    finally:
        if isinstance(pieces, Generator):
            pieces.close()


@contextmanager
def _explained(attempt: int) -> Iterator[None]:
    """Tells what will be so for good, or was tried often enough, from what passes; the first attempt is 1."""
    try:
        yield
    except ProviderError as error:
        if attempt < _PASSING.get(error.action, 0):
            raise UnavailableError(error.message) from error
        raise _NotHadError(error.code, error.message) from error
    except TooLargeError as error:
        raise _NotHadError(error.code, error.message) from error
    except (DiskFullError, OSError) as error:
        full = DiskFullError()
        is_full = isinstance(error, DiskFullError) or is_disk_full(error)
        sentence = full.message if is_full else "The file could not be written on the disk of this service."
        if attempt < _MOST_ATTEMPTS:
            raise UnavailableError(sentence) from error
        raise _NotHadError(full.code if is_full else "disk", sentence) from error
