"""The bytes of a part of a mail, also where its base64 (RFC 2045, 6.8) is dirty."""

import base64
import re
from email.message import EmailMessage
from typing import NamedTuple

_OTHERS = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDING = re.compile(rb"=+")
_WORDS = re.compile(rb"\S\s+\S")


class PartBytes(NamedTuple):
    """What a part holds, and whether its encoding is damaged, so that some of it may be missing."""

    data: bytes
    is_damaged: bool


def part_bytes(part: EmailMessage) -> PartBytes:
    """The decoded bytes of a part that has no parts of its own."""
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        payload = part.get_payload()
        return _from_base64(payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b"")
    payload = part.get_payload(decode=True)
    return PartBytes(payload if isinstance(payload, bytes) else b"", is_damaged=False)


def _from_base64(payload: bytes) -> PartBytes:
    """Lines of words, which lists and virus scanners add, are left out, and so is what follows the padding."""
    lines = [line for line in map(bytes.strip, payload.splitlines()) if not _WORDS.search(line)]
    kept = b"".join(line for line in lines if _OTHERS.sub(b"", line))
    text = _OTHERS.sub(b"", kept)
    is_dirty = len(text) < len(kept)
    padding = _PADDING.search(text)
    text = text[: padding.start()] if padding else text
    is_cut_off = len(text) % 4 == 1 or (not padding and len(text) % 4 > 0)
    whole = text[: len(text) - (len(text) % 4 == 1)]
    return PartBytes(base64.b64decode(whole + b"=" * (-len(whole) % 4)), is_dirty or is_cut_off)
