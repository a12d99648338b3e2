"""Reading JSON that may be anything: what is not there, or of another type, counts as missing."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_UNSTORABLE = re.compile("\x00")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LONGEST_ID = 512
_EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER_BY = timedelta(minutes=5)


def read_json(body: bytes) -> Any:
    """The body's JSON; raises `ValueError` where it is none, or is nested more deeply than can be read."""
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None


def part(item: Any, name: str) -> Mapping[str, Any]:
    """An object within an object."""
    found = item.get(name) if isinstance(item, dict) else None
    return found if isinstance(found, dict) else {}


def items(value: Mapping[str, Any], name: str) -> list[Any]:
    """A list within an object; what should be a list and is none counts as its one item."""
    found = value.get(name)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def text(item: Mapping[str, Any], name: str) -> str:
    """A text as it can be stored: without NUL characters and lone surrogates."""
    found = item.get(name)
    return _SURROGATES.sub("\ufffd", _UNSTORABLE.sub("", found)) if isinstance(found, str) else ""


def identifier(item: Mapping[str, Any], name: str) -> str | None:
    """An id: a text of up to 512 characters."""
    found = text(item, name)
    return found if 0 < len(found) <= _LONGEST_ID else None


def moment(item: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    """A time in Unix seconds; None for one before WhatsApp's API was, or to come."""
    found = item.get(name)
    digits = str(found) if isinstance(found, (int, str)) else ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 10):
        return None
    at = datetime.fromtimestamp(int(digits), UTC)
    return at if _EARLIEST <= at <= now + _CLOCKS_DIFFER_BY else None
