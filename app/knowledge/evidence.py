"""What a chunk's own words say about a question, beyond how often they occur."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

_STOPWORD_WEIGHT = 1.0


class Evidence(NamedTuple):
    """Shares of what there could be, each 0 to 1.

    `coverage`: of the question's terms, the rare ones counting more (idf²); `together`: of its terms within two
    sentences that follow each other (idf); `pairs`: of its neighbouring words, stop words included, those that are
    neighbours in the chunk, too (idf).
    """

    coverage: float
    together: float
    pairs: float


@dataclass(frozen=True)
class QuestionTerms:
    """A question's terms with their idf, each less where the word was only corrected to it; all stems in order."""

    idf: Mapping[str, float]
    sequence: Sequence[str]

    @cached_property
    def marked(self) -> dict[str, float]:
        """The terms as an outline has them, with their idf."""
        return {f" {term} ": idf for term, idf in self.idf.items()}

    @cached_property
    def reachable(self) -> tuple[float, float, float]:
        """The most there could be of each kind of evidence."""
        return _squares(self.idf), sum(self.idf.values()), sum(self.pairs.values())

    @cached_property
    def pairs(self) -> dict[str, float]:
        """Neighbouring stems, as an outline has them, with their weights; two stop words are no pair."""
        return {
            f" {one} {next_one} ": self._weight(one) + self._weight(next_one)
            for one, next_one in pairwise(self.sequence)
            if one in self.idf or next_one in self.idf
        }

    def _weight(self, stem: str) -> float:
        return self.idf.get(stem, _STOPWORD_WEIGHT)


def evidence(question: QuestionTerms, outline: str) -> Evidence:
    """What a chunk's outline (`PortugueseAnalyzer.outline`) holds of a question."""
    found = {term: idf for term, idf in question.marked.items() if term in outline}
    pairs = sum([weight for pair, weight in question.pairs.items() if pair in outline])
    squares, idf, all_pairs = question.reachable
    return Evidence(
        coverage=_share(_squares(found), squares),
        together=_share(_most_together(found, outline), idf),
        pairs=_share(pairs, all_pairs),
    )


def _squares(weights: Mapping[str, float]) -> float:
    return sum([weight * weight for weight in weights.values()])


def _most_together(found: Mapping[str, float], outline: str) -> float:
    """The most that two sentences in a row have."""
    if len(found) < 2:
        return sum(found.values())
    bits = [(1 << place, term, weight) for place, (term, weight) in enumerate(found.items())]
    masks = [sum([bit for bit, term, _ in bits if term in sentence]) for sentence in outline.split("\n")]
    unions = {one | following for one, following in pairwise([*masks, 0])}
    return max([sum([weight for bit, _, weight in bits if bit & union]) for union in unions])


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
