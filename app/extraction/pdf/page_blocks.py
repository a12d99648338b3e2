"""The blocks of a page: text spans and tables in reading order."""

from app.extraction.pdf.drawing_order import in_reading_order
from app.extraction.pdf.list_markers import attach_list_markers
from app.extraction.pdf.page_table import PageTable
from app.extraction.pdf.reading_order import rows_in_reading_order
from app.extraction.pdf.ruled_tables import split_off_ruled_tables
from app.extraction.pdf.ruling_lines import NO_RULING_LINES, RulingLines
from app.extraction.pdf.text_spans import TextSpan
from app.extraction.pdf.unruled_tables import split_off_unruled_tables

Blocks = list[TextSpan | PageTable]


def page_blocks(spans: list[TextSpan], ruling: RulingLines = NO_RULING_LINES) -> Blocks:
    """Ruled tables, and between them text and unruled tables, told by drawing order and position."""
    found: Blocks = []
    for part in split_off_ruled_tables(attach_list_markers(in_reading_order(spans), ruling.vertical), ruling):
        if isinstance(part, PageTable):
            found.append(part)
        else:
            found.extend(split_off_unruled_tables(rows_in_reading_order(part, ruling), ruling))
    return found
