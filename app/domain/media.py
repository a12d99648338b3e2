"""Files that customers send: what is kept of each, and what its bytes say it is."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.channels import MediaKind

UNKNOWN_TYPE = "application/octet-stream"
HEAD_BYTES = 512
"""As many bytes of a file's beginning as `content_type_of` looks at."""


class MediaState(StrEnum):
    """Whether a file can be had: kept, never fetched, or deleted since."""

    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came with a message.

    `content_type` is told from its bytes, `size` in bytes. `filename` is the customer's word only. `transcript`:
    what was said in it. `error`: why it failed.
    """

    id: str
    kind: MediaKind
    content_type: str = UNKNOWN_TYPE
    size: int = 0
    filename: str | None = None
    transcript: str | None = None
    state: MediaState = MediaState.READY
    error: str | None = None


_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_AUDIO_BRANDS = {b"M4A ", b"M4B "}
_MPEG_FRAMES = {0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3}


def content_type_of(head: bytes) -> str:
    """A file's type by the bytes it begins with, whatever anybody says; `UNKNOWN_TYPE` where they tell nothing.

    An Office file whose first entries do not name what it is counts as a zip.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:12] in _AUDIO_BRANDS else "video/mp4"
    if len(head) > 1 and head[0] == 0xFF and head[1] in _MPEG_FRAMES:
        return "audio/mpeg"
    found = next((name for beginning, name in _BEGINNINGS if head.startswith(beginning)), UNKNOWN_TYPE)
    if found == "application/zip":
        return next((name for entry, name in _OFFICE if entry in head), found)
    return found
