"""Text files: bytes become clean text, tables and JSON become lines."""

import re

from app.extraction.cleaning import clean
from app.extraction.csv_files import csv_to_lines
from app.extraction.decoding import decode, is_text
from app.extraction.markdown import with_lines_for_tables
from app.extraction.problems import Problem, ProblemError

_OTHER_FORMATS = re.compile(r"\{\\rtf\d|<!doctype html|<html[\s>]", re.IGNORECASE)
_JSON = re.compile(r'\{\s*"[^"\n]*"\s*:|\[\s*\{\s*"')


def read_text(data: bytes, ending: str, max_characters: int) -> str:
    """The text in the bytes of a text file of this kind; raises `ProblemError`."""
    if not is_text(data):
        raise ProblemError(Problem.BROKEN, "not text")
    text = clean(decode(data))
    if _OTHER_FORMATS.match(text) or (ending == ".csv" and _JSON.match(text)):
        raise ProblemError(Problem.BROKEN, "the text of another format")
    if ending == ".csv":
        text = csv_to_lines(text)
    elif ending in {".json", ".jsonl"}:
        from app.extraction.json_files import json_to_lines  # noqa: PLC0415 - seldom needed

        text = json_to_lines(text)
    else:
        text = with_lines_for_tables(text)
    if not text.strip():
        raise ProblemError(Problem.EMPTY)
    if len(text) > max_characters:
        raise ProblemError(Problem.TOO_MUCH_TEXT)
    return text
