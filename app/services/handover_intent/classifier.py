"""Tells requests for a person from other messages by their words, where no example decides.

An averaged perceptron, which learns from the sentences of `requests.txt` and `other_messages.txt` (Y. Freund and
R. Schapire, *Large margin classification using the perceptron algorithm*, 1999; averaged as by M. Collins, 2002).
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from app.services.handover_intent.normalization import Normalizer

_FOLDER = Path(__file__).parent
_PASSES = 8
_MARGIN = 1
_FARTHEST_PAIR = 3
_WORDS_PER_LENGTH = 3
_LONGEST_LENGTH = 5


class Classifier:
    """Weighs words, the kinds they are of, and pairs of those up to three words apart."""

    def __init__(self, normalizer: Normalizer, requests: Sequence[str], others: Sequence[str]) -> None:
        """Learn from messages that ask for a person and from messages that do not."""
        self._normalizer = normalizer
        messages = [(self._features(normalizer.words(text)), 1) for text in requests]
        messages += [(self._features(normalizer.words(text)), -1) for text in others]
        self._weights = _learnt(messages)

    def score(self, words: Sequence[str]) -> float:
        """How far a normalized message is on the side of the requests; negative on the other side."""
        return sum(self._weights.get(feature, 0.0) for feature in self._features(words))

    def _features(self, words: Sequence[str]) -> list[str]:
        kinds = [list(self._normalizer.kinds(word)) for word in words]
        found = {kind for one in kinds for kind in one}
        for position, one in enumerate(kinds):
            for distance, other in enumerate(kinds[position + 1 : position + 1 + _FARTHEST_PAIR]):
                joint = " … " if distance else " + "
                found |= {first + joint + second for first in one for second in other}
        length = min(len(words) // _WORDS_PER_LENGTH, _LONGEST_LENGTH)
        return sorted(found | {f"^ {words[0]}", f"{words[-1]} $", f"# {length}"} if words else found)


def taught_sentences() -> tuple[list[str], list[str]]:
    """The messages that ask for a person, and those that do not."""
    requests, others = (
        (_FOLDER / name).read_text(encoding="utf-8").splitlines() for name in ("requests.txt", "other_messages.txt")
    )
    return requests, others


def _learnt(messages: Sequence[tuple[Sequence[str], int]]) -> dict[str, float]:
    """The weight of each feature, the mean of what it was at every step."""
    weights: dict[str, float] = defaultdict(float)
    late: dict[str, float] = defaultdict(float)  # the changes, each times the step it was made at
    shuffled, step = list(messages), 0
    dice = random.Random(0)  # noqa: S311 - an order that is the same in every process, not a secret
    for _ in range(_PASSES):
        dice.shuffle(shuffled)
        for features, side in shuffled:
            step += 1
            if side * sum(weights.get(feature, 0.0) for feature in features) <= _MARGIN:
                for feature in features:
                    weights[feature] += side
                    late[feature] += side * step
    return {feature: weight - late[feature] / step for feature, weight in weights.items()}
