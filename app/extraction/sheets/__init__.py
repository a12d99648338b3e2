"""Spreadsheets: what a person sees in them, row by row."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import ParseError

from app.domain.file_text import FileText
from app.extraction.problems import Problem, ProblemError
from app.extraction.sheets import ods, xlsx
from app.extraction.tables.cell_grid import CellGrid
from app.extraction.tables.lines import sheet_to_lines

SPREADSHEETS = {".xlsx", ".ods"}


def read_sheets(data: bytes, ending: str) -> FileText:
    """The sheets of a workbook that passed `check_archive`; raises `ProblemError`."""
    try:
        if ending == ".ods":
            return FileText("\n".join(_lines(ods.sheets(data))))
        workbook = xlsx.Workbook(data)
        return FileText("\n".join(_lines(workbook.sheets())), _warning(workbook.uncomputed))
    except (ParseError, ValueError, IndexError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise ProblemError(Problem.BROKEN, repr(error)) from error


def _warning(uncomputed: int) -> str | None:
    """Programs that write formulas leave it to Excel to compute them."""
    if not uncomputed:
        return None
    return f"Formulas without their values: {uncomputed}. Open the file in Excel, save it, and upload it again."


def _lines(sheets: Iterable[tuple[str, CellGrid]]) -> Iterator[str]:
    for name, grid in sheets:
        lines = list(sheet_to_lines(grid.rows()))
        if lines:
            yield from (f"## {name}", "", *lines, "")
