"""What becomes of the files in a customer's message: a text, pictures for the model, or work for a person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from app.domain.answers import MOST_IMAGE_BYTES, MOST_IMAGES, Image
from app.domain.channels import AssistantChannel, ChannelEvent, MediaKind, MediaReference, ProviderError
from app.domain.errors import ModelError, TooLargeError
from app.domain.ids import new_id
from app.domain.media import Media
from app.services.ports.channels import ChannelAdapter

_TRANSCRIBED = "[áudio transcrito]"
_TRANSCRIPTION_SECONDS = 60.0
_VISIBLE_TYPES = {"image/jpeg", "image/png", "image/webp", "image/gif"}
_SPOKEN = {MediaKind.VOICE, MediaKind.AUDIO}


class Stored(Protocol):
    """What is known of a file once it is written."""

    @property
    def size(self) -> int: ...
    @property
    def content_type(self) -> str: ...


class MediaFiles(Protocol):
    """Where files are kept."""

    def write(
        self, assistant_id: str, conversation_id: str, media_id: str, pieces: Iterable[bytes], most_bytes: int
    ) -> Stored: ...
    def path(self, assistant_id: str, conversation_id: str, media_id: str) -> Path: ...


class Transcribes(Protocol):
    """What makes text of recordings; raises `ModelError`."""

    def transcribe(self, audio: bytes, seconds: float) -> str: ...


@dataclass(frozen=True, slots=True)
class TakenMedia:
    """A message's `text` with what was said in it, what a model may see of it, and its files.

    `needs_person`: something in it can be read by nobody else.
    """

    text: str
    images: tuple[Image, ...] = ()
    files: tuple[Media, ...] = ()
    needs_person: bool = False


class MediaIntake:
    """Fetches, keeps and reads files of at most `most_bytes`.

    Without `transcriber` recordings are only kept, without `sees_images` pictures are.
    """

    def __init__(
        self, files: MediaFiles, transcriber: Transcribes | None, *, sees_images: bool, most_bytes: int
    ) -> None:
        self._files = files
        self._transcriber = transcriber
        self._sees_images = sees_images
        self._most_bytes = most_bytes

    def take(
        self, channel: AssistantChannel, conversation_id: str, adapter: ChannelAdapter, event: ChannelEvent
    ) -> TakenMedia:
        """Fetch and read the files of an event; raises `OSError` where they cannot be written.

        A file that cannot be fetched is for a person, and so is one that cannot be read.
        """
        texts = [event.text] if event.text else []
        images: list[Image] = []
        files: list[Media] = []
        needs_person = False
        for reference in event.media:
            media = self._stored(channel, conversation_id, adapter, reference)
            path = self._files.path(channel.assistant_id, conversation_id, media.id)
            if self._is_visible(media) and len(images) < MOST_IMAGES:
                images.append(Image(path.read_bytes(), media.content_type))
            else:
                media = self._transcribed(media, path)
                needs_person = needs_person or media.transcript is None
            if media.transcript:
                texts.append(f"{_TRANSCRIBED} {media.transcript}")
            files.append(media)
        return TakenMedia("\n".join(texts), tuple(images), tuple(files), needs_person)

    def _stored(
        self, channel: AssistantChannel, conversation_id: str, adapter: ChannelAdapter, reference: MediaReference
    ) -> Media:
        media = Media(new_id(), reference.kind, filename=reference.filename)
        try:
            pieces = adapter.fetch_media(channel, reference)
            stored = self._files.write(channel.assistant_id, conversation_id, media.id, pieces, self._most_bytes)
        except (ProviderError, TooLargeError) as error:
            return replace(media, kept=False, error=error.message)
        return replace(media, content_type=stored.content_type, size=stored.size)

    def _is_visible(self, media: Media) -> bool:
        return (
            self._sees_images
            and media.kept
            and media.kind is MediaKind.IMAGE
            and media.content_type in _VISIBLE_TYPES
            and media.size <= MOST_IMAGE_BYTES
        )

    def _transcribed(self, media: Media, path: Path) -> Media:
        """With its transcript, where it is a recording in which something is said."""
        if self._transcriber is None or media.kind not in _SPOKEN or not media.kept:
            return media
        try:
            said = self._transcriber.transcribe(path.read_bytes(), _TRANSCRIPTION_SECONDS)
        except ModelError as error:
            return replace(media, error=error.message)
        return replace(media, transcript=said or None)
