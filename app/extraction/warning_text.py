"""What a document's owner is told when a part of it was not read."""

from collections.abc import Iterable

_MOST_NAMED = 5


def joined(*warnings: str | None) -> str | None:
    """One warning out of several, each of them once; None where there is none."""
    return " ".join(dict.fromkeys(filter(None, warnings))) or None


def named(names: Iterable[str]) -> str:
    """The first of the names, in a sentence."""
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:_MOST_NAMED]) + (", …" if len(unique) > _MOST_NAMED else "")
