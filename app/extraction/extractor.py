"""A file becomes text: short text files here, all others in a worker process that may fail in any way."""

import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.file_text import FileText
from app.extraction.formats import SHORT_TEXTS, TEXT_FORMATS, WITH_HTML, format_of
from app.extraction.problems import Problem, ProblemError
from app.extraction.sandbox import Sandbox
from app.extraction.text_files import read_text

_MOST_BYTES_PER_CHARACTER = 4
_MEGABYTE = 1024 * 1024

_log = logging.getLogger(__name__)


class Extractor:
    """Gets the text out of documents.

    `scratch` is a folder for the parsers' own files, made when it is needed; it must not be one where strangers
    can write, as a library is loaded from it. `max_seconds` bounds the CPU time a file takes; text recognition
    in pictures has a time of its own on top, for each picture.
    """

    def __init__(
        self,
        scratch: Path,
        *,
        max_seconds: float = 60,
        max_memory_mb: int = 1024,
        max_characters: int = 10_000_000,
    ) -> None:
        self._max_characters = max_characters
        self._sandbox = Sandbox(
            scratch,
            max_seconds=max_seconds,
            max_memory=max_memory_mb * _MEGABYTE,
            max_characters=max_characters,
        )

    def extract(self, path: Path, filename: str, check: Callable[[float], None] = lambda _: None) -> FileText:
        """The text of the file at `path`, as Markdown where the structure is known; never empty.

        `filename` is the uploaded name and tells the format. `check` is called a few times a second while a
        worker reads, with the share it has read (0 where that isn't known), and ends it by raising.
        The warning tells of pages that are pictures whose text could not be recognised.
        Raises `ExtractionError` with a sentence for the uploader.
        """
        ending = format_of(filename)
        with _opened(path) as (descriptor, size):
            if size == 0:
                raise Problem.EMPTY.error()
            if ending in TEXT_FORMATS and size > self._max_characters * _MOST_BYTES_PER_CHARACTER:
                raise Problem.TOO_MUCH_TEXT.error()
            if size <= SHORT_TEXTS.get(ending, 0):
                data = os.read(descriptor, size)
                if ending not in WITH_HTML or b"<" not in data:
                    return self._read_here(data, ending)
            return self._sandbox.read(descriptor, ending, check)

    def _read_here(self, data: bytes, ending: str) -> FileText:
        try:
            return read_text(data, ending, self._max_characters)
        except ProblemError as error:
            raise error.problem.error() from None


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, int]]:
    """The descriptor of a regular file and its size in bytes; a link in its place is not followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        _log.warning("a document cannot be opened: %r", error)
        raise Problem.NO_FILE.error() from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Problem.NO_FILE.error()
        yield descriptor, status.st_size
    finally:
        os.close(descriptor)
