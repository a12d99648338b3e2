"""The kinds of files that can be read, told by the end of their names."""

from pathlib import PurePath

from app.domain.errors import ExtractionError

TEXT_FORMATS = frozenset({".csv", ".md", ".txt"})
"""Read in this process; all others in a child."""

SUPPORTED = (".pdf", ".docx", ".pptx", ".xlsx", ".odt", ".epub", ".html", ".htm", ".csv", ".md", ".txt")


def is_supported(filename: str) -> bool:
    """Whether a file of this name can be read at all."""
    return _ending(filename) in SUPPORTED


def format_of(filename: str) -> str:
    """The ending in lower case, with its dot; raises `ExtractionError` where it is none of `SUPPORTED`."""
    ending = _ending(filename)
    if ending not in SUPPORTED:
        known = ", ".join(name.removeprefix(".").upper() for name in SUPPORTED if name != ".htm")
        raise ExtractionError(f"Files of this kind cannot be read. Use one of: {known}.")
    return ending


def _ending(filename: str) -> str:
    return PurePath(filename).suffix.lower()
