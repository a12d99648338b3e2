"""Reads known questions from a CSV file, as spreadsheets write it."""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.domain.errors import InvalidError
from app.domain.evaluations import EvaluationCase
from app.services.evaluation.matching import KnownQuestion, words_of

_QUESTION = ("question", "pergunta")
_TEXT = ("expected", "text", "esperado", "resposta", "answer")
_FILE = ("file", "filename", "arquivo", "documento")
_DELIMITERS = ",;\t"
_SHOWN_HEADER = 200
# OWASP, "CSV Injection".
_FORMULA_STARTS = ("=", "+", "-", "@")

_Row = tuple[int, list[str]]


def read_questions(path: Path) -> list[KnownQuestion]:
    """The questions in a file; raises as `questions_in` does."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unusable(f"{path.name} cannot be read: {error.strerror}.") from None
    return questions_in(data, path.name)


def questions_in(data: bytes, name: str) -> list[KnownQuestion]:
    """The questions in the bytes of a file, at least one; raises `InvalidError` that says what to change.

    The first line names the columns: a question, and an expected text, file or both. Empty lines are skipped.
    """
    text = _decoded(data)
    if not text.strip():
        raise _unusable(f"{name} is empty.")
    header, *rows = _rows(text, name)
    columns = _columns(header[1], name)
    for line, cells in rows:
        if any(map(str.strip, cells[len(header[1]) :])):
            raise _unusable(
                f"Line {line} has more fields than the first line; put quotes around a field with commas."
            )
    questions = [_known(row, columns) for row in rows]
    if not questions:
        raise _unusable(f"{name} has no questions below its header.")
    return questions


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _rows(text: str, name: str) -> list[_Row]:
    """The non-empty rows with their line numbers, by the delimiter that gives the header a question column."""
    first = text.lstrip().splitlines()[0]
    headers = {delimiter: next(csv.reader([first], delimiter=delimiter)) for delimiter in _DELIMITERS}
    delimiter = next((d for d, header in headers.items() if _column(header, _QUESTION) is not None), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unusable(f"{name} is no CSV file (line {line}: {error}).") from None
    return rows


def _columns(header: Sequence[str], name: str) -> tuple[int, int | None, int | None]:
    question, text, file = (_column(header, names) for names in (_QUESTION, _TEXT, _FILE))
    found = ", ".join(cell.strip() for cell in header)[:_SHOWN_HEADER]
    found = "".join(c if c.isprintable() else "?" for c in found)
    if question is None:
        raise _unusable(f'{name} has no column "question"; it has: {found}.')
    if text is None and file is None:
        raise _unusable(f'{name} has neither a column "expected" nor a column "file"; it has: {found}.')
    return question, text, file


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((column for column, cell in enumerate(header) if cell.strip().casefold() in names), None)


def _known(row: _Row, columns: tuple[int, int | None, int | None]) -> KnownQuestion:
    line, cells = row
    question, text, file = ("" if at is None or at >= len(cells) else _meant(cells[at]) for at in columns)
    files = tuple(name.strip() for name in file.split("|") if name.strip())
    if not question:
        raise _unusable(f"Line {line} has no question.")
    if not files and not words_of(text):
        raise _unusable(f"Line {line} expects nothing: give a text or a file.")
    return KnownQuestion(line, question, text, files)


def as_csv(cases: Iterable[EvaluationCase]) -> str:
    """Cases as a file that can be read again; what a spreadsheet takes for a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("question", "expected", "file"))
    for case in cases:
        writer.writerow([_harmless(one) for one in (case.question, case.expected, "|".join(case.files))])
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _meant(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from calculating."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text


def _unusable(sentence: str) -> InvalidError:
    return InvalidError(sentence, code="questions_unusable")
