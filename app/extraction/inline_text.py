"""A line of text whose stretches are set in different type, as a person reads it."""

import re
from itertools import groupby

_ORDINALS = {"o": "º", "a": "ª", "os": "ºs", "as": "ªs"}
_PRICE = re.compile(r"(?:R\$|US\$|\$|€|£)\s*\d[\d.]*\Z")
_CENTS = re.compile(r"\d\d")
_NUMBER = re.compile(r"[+\-−]?\d+")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


class InlineText:
    """Puts stretches together: bold, italic and coloured ones as they are, raised ones as they are meant.

    Raised cents get their comma ("R$ 399,90"), raised letters of ordinal numbers become these (10º), other raised
    numbers superscript digits (m², 10⁶). Lowered ones stay as they are (H2O).
    """

    def __init__(self) -> None:
        self._parts: list[tuple[bool, str]] = []

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, text: str, *, raised: bool = False) -> None:
        """Put a stretch to the end."""
        if text:
            self._parts.append((raised, text))

    def take(self) -> str:
        """The text so far; begins anew."""
        text = ""
        for raised, parts in groupby(self._parts, key=lambda part: part[0]):
            stretch = "".join(part for _, part in parts)
            text += raised_as_meant(text[-24:], stretch) if raised else stretch
        self._parts.clear()
        return text


def raised_as_meant(before: str, raised: str) -> str:
    """What raised letters or digits stand for behind a text."""
    text = raised.strip()
    if text.lower() in _ORDINALS and before[-1:].isalnum():
        return raised.replace(text, _ORDINALS[text.lower()])
    if _CENTS.fullmatch(text) and _PRICE.search(before):
        return raised.replace(text, f",{text}")
    if _NUMBER.fullmatch(text) and before[-1:].isalnum():
        return raised.replace(text, text.translate(_RAISED))
    return raised
