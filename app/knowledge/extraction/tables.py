"""Tables become lines that can be understood one by one: "Produto: Camiseta; Preço: R$ 50"."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

Row = Sequence[str]

_DELIMITERS = ";,\t|"
_LONGEST_NAME = 60


def csv_to_lines(text: str) -> str:
    """The rows of a CSV file as lines; the text as it is where it cannot be read as CSV."""
    lines = text.splitlines()
    delimiter = _delimiter(lines)
    if lines and lines[0].lower() == f"sep={delimiter}":  # a hint that Excel leaves
        del lines[0]
    try:
        rows = list(csv.reader((line + "\n" for line in lines), delimiter=delimiter))
    except csv.Error:
        return text
    return "\n".join(rows_to_lines(rows))


def rows_to_lines(rows: Sequence[Row]) -> Iterator[str]:
    """One line a row, its values named by the row of headers if there is one; titles above that stay lines."""
    filled = [row for row in (tuple(" ".join(cell.split()) for cell in row) for row in rows) if any(row)]
    header = next((number for number, row in enumerate(filled) if sum(map(bool, row)) > 1), len(filled))
    names: Row = ()
    if header < len(filled) - 1 and _are_names(filled[header]):
        names = filled[header]
    for number, row in enumerate(filled):
        if number != header or not names:
            yield _line(row, names if number > header else ())


def pairs_to_lines(rows: Sequence[Row]) -> Iterator[str]:
    """One line a row of two columns, the first naming the second: "Prazo: 3 dias"."""
    for row in rows:
        yield ": ".join(filter(None, (" ".join(cell.split()) for cell in row)))


def _line(row: Row, names: Row) -> str:
    padded = (*names, *[""] * len(row))
    named = (f"{name}: {value}" if name else value for name, value in zip(padded, row, strict=False) if value)
    return "; ".join(named)


def _are_names(row: Row) -> bool:
    """Headers are short and are no figures; a file may also begin with data."""
    return all(len(cell) <= _LONGEST_NAME and not _is_figure(cell) for cell in row)


def _is_figure(cell: str) -> bool:
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell.removeprefix("R$")))


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
