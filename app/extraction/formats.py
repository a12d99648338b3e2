"""The kinds of files that can be read, told by the end of their names."""

import os.path

from app.domain.errors import ExtractionError

SHORT_TEXTS = {".csv": 1024 * 1024, ".txt": 1024 * 1024, ".md": 32 * 1024}
"""Up to how many bytes a file is read in this process; all others, and other formats, are read in a worker."""
WITH_HTML = frozenset({".md"})
"""Text formats that may have HTML in them, which is parsed in a worker only."""

TEXT_FORMATS = frozenset({*SHORT_TEXTS, ".json", ".jsonl"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"})

SUPPORTED = (
    *(".pdf", ".docx", ".pptx", ".xlsx", ".odt", ".ods", ".epub", ".html", ".htm", ".rtf", ".eml"),
    *(".csv", ".json", ".jsonl", ".md", ".txt"),
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"),
)
_OTHER_SPELLINGS = {".htm", ".jpeg", ".tif", ".jsonl"}


def is_supported(filename: str) -> bool:
    """Whether a file of this name can be read at all."""
    return ending_of(filename) in SUPPORTED


def format_of(filename: str) -> str:
    """The ending in lower case, with its dot; raises `ExtractionError` where it is none of `SUPPORTED`."""
    ending = ending_of(filename)
    if ending not in SUPPORTED:
        known = ", ".join(name.removeprefix(".").upper() for name in SUPPORTED if name not in _OTHER_SPELLINGS)
        kind = f"of the kind {ending[1:].upper()}" if len(ending) > 1 else "whose name tells no kind"
        raise ExtractionError(f"Files {kind} are not read. Use one of: {known}.")
    return ending


def ending_of(filename: str) -> str:
    """In lower case, with its dot."""
    return os.path.splitext(filename)[1].lower()  # noqa: PTH122 - pathlib would be a tenth of a worker's start
