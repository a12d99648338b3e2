"""Values of table cells: which are numbers, which are years that may also name a column, which say nothing."""

import re
from collections.abc import Sequence

_CURRENCY = r"(?:R\$|US\$|U\$|\$|€|£|EUR|USD|BRL)"
_NUMBER = re.compile(
    rf"{_CURRENCY}?[\s(]*[-+−–±<>≤≥~]?\s*{_CURRENCY}?\s*\d[\d.,\s'’/:–-]*[)%€‰]*\s*(?:\(?[a-fpr*†]\)?|[*¹²³]+)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)?\d\d)?\s?(?:\(?[a-z*¹²³]\)?|\*+)?")
_COLUMN_NUMBER = re.compile(r"\(\d{1,2}\)|\[\d{1,2}\]")
_LONGEST_NUMBER = 40
_NOTHING = re.compile(r"[-–—−.…*:x/]+|n[./]?\s?[ad]\.?|s/d|nd", re.IGNORECASE)


_CURRENCY_ALONE = re.compile(_CURRENCY)
_DECIMALS = re.compile(r"[.,]\d{1,2}(?!\d)")


def is_number(cell: str) -> bool:
    """Whether the cell has digits and no letters but those of a currency."""
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell.removeprefix("R$")))


def is_value(cell: str) -> bool:
    """Whether the cell is a number, also with a currency in words or the letter of a footnote; not "24h"."""
    return is_number(cell) or (len(cell) <= _LONGEST_NUMBER and bool(_NUMBER.fullmatch(cell)))


def is_year(cell: str) -> bool:
    """Whether the cell is a year or a span of years, "1994" or "2010-11 (a)"; not a date."""
    return bool(_YEAR.fullmatch(cell))


def is_column_number(cell: str) -> bool:
    """Whether the cell numbers a column: "(1)"."""
    return bool(_COLUMN_NUMBER.fullmatch(cell))


def is_placeholder(cell: str) -> bool:
    """Whether the cell stands for a missing value: "-", "n/d"."""
    return bool(_NOTHING.fullmatch(cell))


def is_currency(cell: str) -> bool:
    """Whether the cell is the sign of a currency without an amount."""
    return bool(_CURRENCY_ALONE.fullmatch(cell))


def are_alike(cells: Sequence[str]) -> bool:
    """Whether the cells are values of one kind, with or without a unit, a per cent sign, decimals."""
    values = [cell for cell in cells if not is_placeholder(cell)]
    return all(map(is_value, values)) and len({_shape(value) for value in values}) == 1


def _shape(value: str) -> tuple[bool, bool, bool]:
    has_unit = any(map(str.isalpha, value)) or any(sign in value for sign in "$€£")
    return has_unit, value.rstrip().endswith("%"), bool(_DECIMALS.search(value))
