"""Running headers and footers: where firms put their telephone and their address."""

import re
from collections.abc import Iterable

_NUMBER_OF_PAGE = re.compile(r"\W*(?:p[áa]g(?:ina|\.)?|page|folha)?\W*\d*\W*(?:(?:de|of)?\W*\d*)\W*", re.IGNORECASE)


def running_lines(lines: Iterable[str]) -> list[str]:
    """Each of them once, without numbers of pages; a telephone number is none."""
    cleaned = dict.fromkeys(" ".join(line.split()) for line in lines)
    return [line for line in cleaned if not _is_number_of_page(line)]


def _is_number_of_page(line: str) -> bool:
    return bool(_NUMBER_OF_PAGE.fullmatch(line)) and sum(map(str.isdigit, line)) < 8
