"""Text files: bytes become clean text; Markdown, CSV, JSON and tables become lines."""

import re

from app.domain.file_text import FileText
from app.extraction.cleaning import clean
from app.extraction.csv_files import csv_to_lines
from app.extraction.decoding import decode, is_text
from app.extraction.plain_tables import with_lines_for_tables
from app.extraction.problems import Problem, ProblemError
from app.extraction.warning_text import joined

_OTHER_FORMATS = re.compile(r"\{\\rtf\d|<!doctype html|<html[\s>]", re.IGNORECASE)
_JSON = re.compile(r'\{\s*"[^"\n]*"\s*:|\[\s*\{\s*"')


def read_text(data: bytes, ending: str, max_characters: int) -> FileText:
    """The text in the bytes of a text file of this kind; raises `ProblemError`."""
    if not is_text(data):
        raise ProblemError(Problem.BROKEN, "not text")
    decoded = decode(data)
    text = clean(decoded.text)
    if _OTHER_FORMATS.match(text) or (ending == ".csv" and _JSON.match(text)):
        raise ProblemError(Problem.BROKEN, "the text of another format")
    text, warning = _in_lines(text, ending)
    if not text.strip():
        raise ProblemError(Problem.EMPTY)
    if len(text) > max_characters:
        raise ProblemError(Problem.TOO_MUCH_TEXT)
    return FileText(text, joined(decoded.warning, warning))


def _in_lines(text: str, ending: str) -> FileText:
    """What a format needs is imported for that format only."""
    if ending == ".csv":
        return FileText(csv_to_lines(text))
    if ending in {".json", ".jsonl"}:
        from app.extraction.json_files import json_to_lines  # noqa: PLC0415

        return json_to_lines(text)
    if ending == ".md":
        from app.extraction.markdown_files import markdown_to_text  # noqa: PLC0415

        text = clean(markdown_to_text(text))
    return FileText(with_lines_for_tables(text))
