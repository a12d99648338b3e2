"""How a chunk's words match a question's, beyond how often they occur: features for the reranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

_STOPWORD_WEIGHT = 1.0


class MatchFeatures(NamedTuple):
    """Three weighted shares, each 0 to 1.

    `coverage`: the question's terms that the chunk has, weighted by idf²; `together`: the most of them that two
    consecutive sentences have, by idf; `pairs`: the question's pairs of neighbouring words, stop words included,
    that are neighbours in the chunk, too, by the sum of their idf.
    """

    coverage: float
    together: float
    pairs: float


@dataclass(frozen=True)
class QuestionTerms:
    """A question's terms with their idf, and the stems of all its words in order, stop words included."""

    idf: Mapping[str, float]
    sequence: Sequence[str]

    @cached_property
    def marked(self) -> dict[str, float]:
        """The terms in the form in which an outline has them, with their idf."""
        return {f" {term} ": idf for term, idf in self.idf.items()}

    @cached_property
    def reachable(self) -> tuple[float, float, float]:
        """The sums of weights that each feature is divided by."""
        return _squares(self.idf), sum(self.idf.values()), sum(self.pairs.values())

    @cached_property
    def pairs(self) -> dict[str, float]:
        """Pairs of neighbouring stems in the form of an outline, with their weights; no pairs of two stop words."""
        return {
            f" {one} {next_one} ": self._weight(one) + self._weight(next_one)
            for one, next_one in pairwise(self.sequence)
            if one in self.idf or next_one in self.idf
        }

    def _weight(self, stem: str) -> float:
        return self.idf.get(stem, _STOPWORD_WEIGHT)


def match_features(question: QuestionTerms, outline: str) -> MatchFeatures:
    """The features of a chunk with this outline (see `PortugueseAnalyzer.outline`) for a question."""
    found = {term: idf for term, idf in question.marked.items() if term in outline}
    pairs = sum([weight for pair, weight in question.pairs.items() if pair in outline])
    squares, idf, all_pairs = question.reachable
    return MatchFeatures(
        coverage=_share(_squares(found), squares),
        together=_share(_most_together(found, outline), idf),
        pairs=_share(pairs, all_pairs),
    )


def _squares(weights: Mapping[str, float]) -> float:
    return sum([weight * weight for weight in weights.values()])


def _most_together(found: Mapping[str, float], outline: str) -> float:
    """The highest sum of weights that two consecutive sentences have."""
    if len(found) < 2:
        return sum(found.values())
    bits = [(1 << position, term, weight) for position, (term, weight) in enumerate(found.items())]
    masks = [sum([bit for bit, term, _ in bits if term in sentence]) for sentence in outline.split("\n")]
    unions = {one | following for one, following in pairwise([*masks, 0])}
    return max([sum([weight for bit, _, weight in bits if bit & union]) for union in unions])


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
