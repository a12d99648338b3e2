"""Finds the example that a customer's sentence is like."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from app.services.handover_intent import examples
from app.services.handover_intent.normalization import Normalizer

_LONGEST_GAP = 8
_MOST_OPTIONAL = 6
_EXACT = 0.1
_GAP_COST = 1


class _Says(Enum):
    ASKS = auto()
    DOES_NOT_ASK = auto()
    WITHDRAWS = auto()


@dataclass(frozen=True)
class _Example:
    """A sentence of `examples`; `parts` are the words before, between and after its "…"."""

    sentence: str
    says: _Says
    parts: Sequence[Sequence[str]]
    alone: bool

    @property
    def first_word(self) -> str:
        return self.parts[0][0]

    @property
    def ends(self) -> bool:
        return self.alone or self.sentence.endswith(".")

    @property
    def is_of_two(self) -> bool:
        """Whether it may fit two sentences, one after the other."""
        return ". …" in self.sentence

    @property
    def cost(self) -> float:
        """What its gaps take from how closely it fits."""
        return _GAP_COST * (len(self.parts) - 1)

    @property
    def is_question(self) -> bool:
        return self.sentence.endswith("?")


class _Match(NamedTuple):
    """Where an example fits (`end` exclusive), and how closely: a point a word, a little more for the very word."""

    example: _Example
    start: int
    end: int
    score: float


class Reading(NamedTuple):
    """The example that makes a message a request, None where there is none, and whether another denies it."""

    example: str | None
    is_denied: bool


class Matcher:
    """Compares the sentences of a message with the examples."""

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer
        read = list(self._read_all())
        self._examples = _by_first_word(read)
        self._of_two = _by_first_word(example for example in read if example.is_of_two)

    def read(self, sentences: Sequence[Sequence[str]]) -> Reading:
        """What the examples say of a message, given as normalized sentences."""
        matches = [_matches(self._normalizer, words, self._examples) for words in sentences]
        says = {match.example.says for found in matches for match in found}
        if _Says.WITHDRAWS in says:
            return Reading(None, is_denied=True)
        matches += [_matches(self._normalizer, [*one, *two], self._of_two) for one, two in pairwise(sentences)]
        asking = next((example for example in map(_deciding, matches) if example), None)
        return Reading(asking, is_denied=_Says.DOES_NOT_ASK in says)

    def _read_all(self) -> Iterator[_Example]:
        yield from self._read(examples.ASKS, _Says.ASKS)
        yield from self._read(examples.ASKS_ALONE, _Says.ASKS, alone=True)
        yield from self._read(examples.DOES_NOT_ASK, _Says.DOES_NOT_ASK)
        yield from self._read(examples.DOES_NOT_ASK_ALONE, _Says.DOES_NOT_ASK, alone=True)
        yield from self._read(examples.WITHDRAWN, _Says.WITHDRAWS)

    def _read(self, sentences: str, says: _Says, *, alone: bool = False) -> Iterator[_Example]:
        dropped = {"?"} if alone else {"?", *self._normalizer.articles}
        for line in sentences.split("\n"):
            if line and not line.startswith("#"):
                split = (self._normalizer.words(part) for part in line.split("…"))
                parts = [[word for word in part if word not in dropped] for part in split]
                yield _Example(line, says, [part for part in parts if part], alone)


def _by_first_word(examples: Iterable[_Example]) -> dict[str, list[_Example]]:
    found: dict[str, list[_Example]] = defaultdict(list)
    for example in examples:
        found[example.first_word].append(example)
    return found


def _matches(normalizer: Normalizer, words: Sequence[str], examples: dict[str, list[_Example]]) -> list[_Match]:
    sentence = _Sentence(normalizer, words)
    return [
        match
        for position, kinds in enumerate(sentence.kinds)
        for kind in kinds
        for example in examples.get(kind, ())
        if (match := sentence.match(example, position))
    ]


def _deciding(matches: Sequence[_Match]) -> str | None:
    """The closest example that asks, where none that does not is as close to any of the same words."""
    against: dict[int, float] = {}
    for match in matches:
        if match.example.says is _Says.DOES_NOT_ASK:
            against |= {
                position: max(match.score, against.get(position, 0)) for position in range(match.start, match.end)
            }
    asking = (
        match
        for match in matches
        if match.example.says is _Says.ASKS
        and match.score > max(against.get(position, 0) for position in range(match.start, match.end))
    )
    best = max(asking, key=lambda match: match.score, default=None)
    return best.example.sentence if best else None


class _Sentence:
    """A customer's sentence in words of the vocabulary, each with the kinds it is of."""

    def __init__(self, normalizer: Normalizer, words: Sequence[str]) -> None:
        self._is_question = words[-1:] == ["?"]
        self._words = [word for word in words if word != "?"]
        self._optional = [word in normalizer.optional for word in self._words]
        self.kinds = [tuple(normalizer.kinds(word)) for word in self._words]
        saying = [position for position, optional in enumerate(self._optional) if not optional]
        self._first, self._end = (saying[0], saying[-1] + 1) if saying else (0, 0)

    def match(self, example: _Example, start: int) -> _Match | None:
        """How `example` fits with its first word at the position `start`."""
        if (example.alone and start > self._first) or (example.is_question and not self._is_question):
            return None
        end, score = start, 0.0
        for number, part in enumerate(example.parts):
            found = self._find_part(part, end, _LONGEST_GAP if number else 0)
            if found is None:
                return None
            end, score = found[0], score + found[1]
        return None if example.ends and end < self._end else _Match(example, start, end, score - example.cost)

    def _find_part(self, part: Sequence[str], position: int, gap: int) -> tuple[int, float] | None:
        """Where `part` fits first, at `position` or up to `gap` words later; see `_match_part`."""
        latest = min(position + gap + 1, len(self._words))
        positions = (at for at in range(position, latest) if part[0] in self.kinds[at])
        return next((found for at in positions if (found := self._match_part(part, at))), None)

    def _match_part(self, part: Sequence[str], position: int) -> tuple[int, float] | None:
        """The end and the score of `part` at `position`, with optional words between its words."""
        score = 0.0
        for wanted in part:
            latest = position + _MOST_OPTIONAL
            while position < len(self._words) and wanted not in self.kinds[position]:
                if position >= latest or not self._optional[position]:
                    return None
                position += 1
            if position == len(self._words):
                return None
            score += 1 + _EXACT * (self._words[position] == wanted)
            position += 1
        return position, score
