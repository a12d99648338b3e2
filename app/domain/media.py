"""Files that customers send: what is kept of each, and what its bytes say it is."""

import re
from dataclasses import dataclass

from app.domain.channels import MediaKind

UNKNOWN_TYPE = "application/octet-stream"
HEAD_BYTES = 512
"""As many bytes of a file's beginning as `content_type_of` looks at."""

VISIBLE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Pictures that models take; of GIFs only those that do not move."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came with a message.

    `id`: see `media_id`. `content_type` is told from its bytes, `size` in bytes. `filename` is the customer's word
    only. `transcript`: what was said in it. `kept`: whether there is a file. `error`: why there is none, or why
    nobody could read it.
    """

    id: str
    kind: MediaKind
    content_type: str = UNKNOWN_TYPE
    size: int = 0
    filename: str | None = None
    transcript: str | None = None
    kept: bool = True
    error: str | None = None

    @property
    def url(self) -> str | None:
        """Where it is downloaded from this service; None where there is no file."""
        return f"/chats/media/{self.id}" if self.kept else None

    @property
    def is_visible(self) -> bool:
        """Whether it is a picture that a model can be shown."""
        return self.kept and self.kind is MediaKind.IMAGE and self.content_type in VISIBLE_TYPES


TRANSCRIBED = "[áudio transcrito]"
"""Stands before what was said in a recording, in the text of its message."""

NAMES = {
    MediaKind.IMAGE: "[imagem]",
    MediaKind.VOICE: "[mensagem de voz]",
    MediaKind.AUDIO: "[áudio]",
    MediaKind.VIDEO: "[vídeo]",
    MediaKind.DOCUMENT: "[documento]",
    MediaKind.STICKER: "[figurinha]",
}
"""The text of a message that is a file and nothing else."""

_MARKS = re.compile("|".join(re.escape(mark) for mark in (TRANSCRIBED, *NAMES.values())))


def without_marks(text: str) -> str:
    """What was said, without what says only that it came as a file; the text itself if nothing else is in it."""
    lines = [_MARKS.sub("", line, count=1).strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line) or text


@dataclass(frozen=True, slots=True)
class TakenMedia:
    """The files of a message once they were fetched; `needs_person`: nobody else can read all of them."""

    files: tuple[Media, ...]
    needs_person: bool


def media_id(item_id: str, number: int) -> str:
    """The id of the file `number` of what came as this item of the inbox: the same whenever it is fetched again.

    Such ids sort by when the item came.
    """
    return f"{item_id}-{number}"


def item_of_media(file_id: str) -> str:
    """The id of the item of the inbox that a file came with."""
    return file_id.partition("-")[0]


_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
# Of ISO base media files (ISO/IEC 14496-12); most others are videos.
_BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"avif": "image/avif",
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"mif1", b"msf1"), "image/heic"),
}
_MPEG_FRAMES = {0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3}


def content_type_of(head: bytes) -> str:
    """A file's type by the bytes it begins with, whatever anybody says; `UNKNOWN_TYPE` where they tell nothing.

    An Office file whose first entries do not name what it is counts as a zip.
    """
    if head[:4] == b"RIFF" and head[8:12] in {b"WEBP", b"WAVE"}:
        return "image/webp" if head[8:12] == b"WEBP" else "audio/wav"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if len(head) > 1 and head[0] == 0xFF and head[1] in _MPEG_FRAMES:
        return "audio/mpeg"
    found = next((name for beginning, name in _BEGINNINGS if head.startswith(beginning)), UNKNOWN_TYPE)
    if found == "application/zip":
        return next((name for entry, name in _OFFICE if entry in head), found)
    return found
