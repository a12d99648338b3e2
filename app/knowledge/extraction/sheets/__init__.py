"""Spreadsheets: what a person sees in them, row by row."""

import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from app.knowledge.extraction.problems import Problem, ProblemError
from app.knowledge.extraction.sheets import ods, xlsx
from app.knowledge.extraction.tables import sheet_to_lines

SPREADSHEETS = {".xlsx", ".ods"}


def read_sheets(data: bytes, ending: str) -> str:
    """The sheets of a workbook that passed `check_archive`; raises `ProblemError`."""
    try:
        return "\n".join(_lines(data, ending))
    except (ParseError, ValueError, IndexError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise ProblemError(Problem.BROKEN, repr(error)) from error


def _lines(data: bytes, ending: str) -> Iterator[str]:
    for name, grid in xlsx.Workbook(data).sheets() if ending == ".xlsx" else ods.sheets(data):
        lines = list(sheet_to_lines(grid.rows()))
        if lines:
            yield from (f"## {name}", "", *lines, "")
