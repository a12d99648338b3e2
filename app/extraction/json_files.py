"""JSON becomes lines: values with the path of their keys, lists of objects as rows that keep their names."""

import json
from collections.abc import Iterator
from typing import Any

from app.domain.file_text import FileText
from app.extraction.json_recovery import recover
from app.extraction.problems import Problem, ProblemError
from app.extraction.warning_text import named

_DEEPEST = 60
_MOST_VALUES_OF_ROW = 60
_PATH = " > "


def json_to_lines(text: str) -> FileText:
    """Lines for a JSON document, or for one a line (JSON Lines).

    Of JSON Lines those that are none are left out, a document is read up to where it is damaged; the warning names
    the lines. Raises `ProblemError` where there is no JSON, or more lines that are none than others.
    """
    value, warning = _parsed(text)
    return FileText("\n".join(_lines(value, (), 0)), warning)


def _parsed(text: str) -> tuple[Any, str | None]:
    try:
        return json.loads(text), None
    except ValueError as error:
        problem = ProblemError(Problem.BROKEN, str(error))
    values: list[Any] = []
    bad: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if line.strip():
                values.append(json.loads(line))
        except ValueError:
            bad.append(str(number))
    if values and len(bad) <= len(values) and _has_records(values):
        return values, f"Lines that were not read, as they are no JSON: {named(bad)}." if bad else None
    if (recovered := recover(text)) and isinstance(recovered.value, dict | list):
        last = text.count("\n", 0, recovered.end) + 1
        return recovered.value, f"The JSON is damaged: what follows line {last} was not read."
    if values and not bad:
        return values, None
    raise problem


def _has_records(values: list[Any]) -> bool:
    """In a document of many lines there are some that are values by themselves, as brackets and numbers."""
    return any(value and isinstance(value, dict | list) for value in values)


def _lines(value: Any, path: tuple[str, ...], depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise ProblemError(Problem.TOO_NESTED)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lines(inner, (*path, _flat(key)), depth + 1)
    elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        if path:
            yield _PATH.join(path)
        for inner in value:
            yield from _row(inner, path, depth + 1)
    elif text := _scalar(value):
        yield f"{_PATH.join(path)}: {text}" if path else text


def _row(value: Any, path: tuple[str, ...], depth: int) -> Iterator[str]:
    """One line for an object of a list, unless there is too much in it."""
    lines: list[str] = []
    for line in _lines(value, (), depth):
        lines.append(line)
        if len(lines) > _MOST_VALUES_OF_ROW:
            yield from _lines(value, path, depth)
            return
    if lines:
        yield "; ".join(lines)


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_scalar, value)))
    if value is None:
        return ""
    return _flat(value) if isinstance(value, str) else json.dumps(value)


def _flat(text: str) -> str:
    return " ".join(text.split())
