"""The share of a table's values that one line of extracted text binds to the names of their row and column."""

from bench.pdf_tables.samples import Sample


def score(sample: Sample, lines: list[str]) -> float:
    """Of the (row, column, value) triples of a sample: the share with a line that has all three.

    The line has the name of the row and, in one of its parts between semicolons, all names of the column before
    the value.
    """
    triples = [triple for table in sample.tables for triple in table.triples()]
    found = [[part.casefold() for part in line.split("; ")] for line in lines]
    return sum(any(_binds(parts, *triple) for parts in found) for triple in triples) / len(triples)


def _binds(parts: list[str], row: str, names: tuple[str, ...], value: str) -> bool:
    row, value = (" ".join(text.split()) for text in (row, value))
    wanted = [" ".join(name.casefold().split()) for name in names]
    in_row = any(row.casefold() in part for part in parts)
    return in_row and any(
        part.endswith(f" {value.casefold()}") and all(name in part for name in wanted) for part in parts
    )
