"""Text files with values separated by commas, semicolons, tabs or bars."""

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from app.extraction.tables.lines import rows_to_lines

_DELIMITERS = ";,\t|"


def csv_to_lines(text: str) -> str:
    """The rows of a CSV file as lines; the text as it is where it cannot be read as CSV."""
    lines = text.splitlines()
    delimiter = _delimiter(lines)
    if lines and lines[0].lower() == f"sep={delimiter}":  # a hint that Excel leaves
        del lines[0]
    try:
        return "\n".join(rows_to_lines(csv.reader((line + "\n" for line in lines), delimiter=delimiter)))
    except csv.Error:
        return text


def _delimiter(lines: Sequence[str]) -> str:
    """The one that cuts most of the first rows into one and the same number of columns."""
    sample = [line + "\n" for line in lines[:50]]

    def agreement(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(map(len, islice(csv.reader(sample, delimiter=delimiter), len(sample))))
        except csv.Error:
            return 0, 0
        width, rows = widths.most_common(1)[0] if widths else (0, 0)
        return (rows / widths.total(), width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=agreement)
