"""What was read from a file."""

from typing import NamedTuple


class FileText(NamedTuple):
    """The text of a file, and a sentence about what of the file is not in it (None: everything is)."""

    text: str
    warning: str | None = None
