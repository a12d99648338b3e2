"""Spreadsheets: what a person sees in them, row by row."""

from collections.abc import Iterable, Iterator

from app.domain.file_text import FileText
from app.extraction.problems import Problem, ProblemError
from app.extraction.sheets import ods, xlsx
from app.extraction.tables.lines import sheet_to_lines
from app.extraction.text_blocks import blocks_to_markdown
from app.extraction.warning_text import joined, named


def read_sheets(data: bytes, ending: str) -> FileText:
    """The sheets of a workbook that passed `check_archive`; raises `ProblemError` where nothing can be read."""
    workbook = ods.Workbook(data) if ending == ".ods" else xlsx.Workbook(data)
    text = "\n".join(_lines(workbook.sheets()))
    if not text and workbook.unread:
        raise ProblemError(Problem.BROKEN, named(workbook.unread))
    unread = f"Parts of the workbook that could not be read: {named(workbook.unread)}." if workbook.unread else None
    return FileText(text, joined(unread, _uncomputed(workbook.uncomputed)))


def _uncomputed(number: int) -> str | None:
    """Programs that write formulas leave it to Excel to compute them."""
    if not number:
        return None
    return f"Formulas without their values: {number}. Open the file in Excel, save it, and upload it again."


def _lines(sheets: Iterable[xlsx.Sheet]) -> Iterator[str]:
    for name, grid, drawn in sheets:
        lines = [*sheet_to_lines(grid.rows()), *(["", blocks_to_markdown(drawn)] if drawn else [])]
        if any(lines):
            yield from (f"## {name}", "", *lines, "")
