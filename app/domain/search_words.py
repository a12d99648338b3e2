"""How words of messages are compared in a search: without regard to case and accents, and by their beginnings."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.folding import fold

_WORD = re.compile(r"\w+")
# "entrega", "entregas" and "entregar" have one key.
_KEY_LETTERS = 6
# Shorter ones are in nearly every message.
_FEWEST_LETTERS = 3
_MOST_KEYS = 200
_SNIPPET_BEFORE, _SNIPPET = 60, 200


@dataclass(frozen=True, slots=True)
class Snippet:
    """A part of a text with places in it, from and to, counted in UTF-16 units."""

    text: str
    places: Sequence[tuple[int, int]]


def keys_of(*texts: str) -> list[str]:
    """What the index has of these texts: their words in plain letters, cut after six, each once, at most 200."""
    keys: dict[str, None] = {}
    for text in texts:
        for word, _, _ in _words(unicodedata.normalize("NFC", text)):
            if len(word) >= _FEWEST_LETTERS:
                keys.setdefault(word[:_KEY_LETTERS])
            if len(keys) == _MOST_KEYS:
                return list(keys)
    return list(keys)


class Query:
    """All words of a query have to be in a text: whole, or from six letters on as the beginning of a word."""

    def __init__(self, text: str) -> None:
        self._wanted = list(dict.fromkeys(word for word, _, _ in _words(unicodedata.normalize("NFC", text))))
        self.keys = keys_of(text)

    def fits(self, *texts: str) -> bool:
        """Whether all words are in one of the texts or another."""
        there = {word for text in texts for word, _, _ in _words(unicodedata.normalize("NFC", text))}
        return all(any(_is_found(wanted, word) for word in there) for wanted in self._wanted)

    def snippet(self, text: str) -> Snippet | None:
        """The surroundings of the first word that is found in a text; None if none is."""
        text = unicodedata.normalize("NFC", text)
        found = [
            (start, end)
            for word, start, end in _words(text)
            if any(_is_found(wanted, word) for wanted in self._wanted)
        ]
        if not found:
            return None
        start = max(0, found[0][0] - _SNIPPET_BEFORE)
        start = text.find(" ", start, found[0][0]) + 1 or start if start else 0
        end = start + _SNIPPET
        shown = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
        moved = start - bool(start)
        places = [(first - moved, last - moved) for first, last in found if last <= end]
        return Snippet(shown, [(_units(shown[:first]), _units(shown[:last])) for first, last in places])


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    return ((fold(match[0]), match.start(), match.end()) for match in _WORD.finditer(text))


def _is_found(wanted: str, word: str) -> bool:
    return word == wanted or (len(wanted) >= _KEY_LETTERS and word.startswith(wanted))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
