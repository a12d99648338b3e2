"""File names from strangers, made safe."""

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath

_MAX_BYTES = 180
_SEPARATORS = re.compile(r"[/\\]")
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def safe_filename(name: str) -> str:
    """A name for one file in one folder that still looks like `name`, or "" if nothing of it can be kept.

    Folders, control and direction marks, and dots or blanks at the ends go; accents and emoji stay (NFC);
    at most 180 bytes of UTF-8, the extension kept, what is cut off replaced by a hash.
    """
    last = _SEPARATORS.split(name)[-1]
    visible = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in _INVISIBLE)
    return _shorten(visible.strip(". \t"))


def _shorten(name: str) -> str:
    if len(name.encode()) <= _MAX_BYTES:
        return name
    extension = PurePosixPath(name).suffix
    if len(extension.encode()) > 20:
        extension = ""
    # What is cut off still tells names apart: two reports of one series must not replace each other.
    ending = f"-{hashlib.sha256(name.encode()).hexdigest()[:8]}{extension}"
    stem = name.removesuffix(extension).encode()[: _MAX_BYTES - len(ending.encode())]
    return stem.decode(errors="ignore").rstrip(". ") + ending
