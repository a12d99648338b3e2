"""What can be read of a JSON text that is cut off or damaged: all before the damage."""

import json
import re
from typing import Any, NamedTuple

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[\s,]*")
_SPACE = re.compile(r"\s*")
_COLON = re.compile(r"\s*:\s*")
_DEEPEST = 60


class Recovered(NamedTuple):
    """A value, and where in the text it ends."""

    value: Any
    end: int


def recover(text: str) -> Recovered | None:
    """The value at the start of a text: of lists the items, of objects the pairs before the damage."""
    return _value(text, _after(_BLANK, text, 0), 0)


def _value(text: str, place: int, depth: int) -> Recovered | None:
    try:
        return Recovered(*_DECODER.raw_decode(text, place))
    except ValueError:
        opening = text[place : place + 1]
    if depth > _DEEPEST or opening not in {"[", "{"}:
        return None
    return _items(text, place + 1, depth) if opening == "[" else _pairs(text, place + 1, depth)


def _items(text: str, place: int, depth: int) -> Recovered | None:
    items: list[Any] = []
    while True:
        place = _after(_BLANK, text, place)
        if text[place : place + 1] == "]":
            return Recovered(items, place + 1)
        item = _value(text, place, depth + 1)
        if item is None:
            return Recovered(items, place) if items else None
        items.append(item.value)
        if not _goes_on(text, item.end, "]"):
            return Recovered(items, item.end)
        place = item.end


def _pairs(text: str, place: int, depth: int) -> Recovered | None:
    pairs: dict[str, Any] = {}
    while True:
        place = _after(_BLANK, text, place)
        if text[place : place + 1] == "}":
            return Recovered(pairs, place + 1)
        name = _value(text, place, _DEEPEST + 1)
        colon = _COLON.match(text, name.end) if name and isinstance(name.value, str) else None
        value = _value(text, colon.end(), depth + 1) if colon else None
        if name is None or value is None:
            return Recovered(pairs, place) if pairs else None
        pairs[name.value] = value.value
        if not _goes_on(text, value.end, "}"):
            return Recovered(pairs, value.end)
        place = value.end


def _goes_on(text: str, place: int, closing: str) -> bool:
    place = _after(_SPACE, text, place)
    return text[place : place + 1] in {",", closing}


def _after(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place
