"""Fuses the dense and the lexical ranking into one, and reranks its best rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.knowledge.match_features import MatchFeatures

ANSWERABLE = 0.5
"""The score from which on a chunk may answer a question: 96.5 % of the right ones of the tuning set reach it."""

SURE = 0.65
"""The score from which on a chunk is taken to be the answer without a doubt: 80 % of the right ones of the tuning
set reach it (FaQuAD 98 %), and 33 % (53 %) of the best chunks for questions whose answer was taken away."""

# Of the range of a model's cosines: from here on two texts are about the same.
_NEAR = 0.7
_DENSE_WEIGHT = 0.6
# Weights of a final score, learned on the tuning set by a listwise softmax (Cao et al. 2007, "ListNet") over the 30
# best chunks, with the two halves of the set separated by article; see bench/README.md.
_COSINE, _COVERAGE, _TOGETHER, _PAIRS = 0.575, 0.14, 0.115, 0.17


class Hit(NamedTuple):
    """A row that fits a question: the fused score (about 0 to 1), the cosine, the normalised BM25 score.

    The cosine is None where the question has no embedding.
    """

    row: int
    score: float
    dense: float | None
    lexical: float


@dataclass(frozen=True, slots=True)
class CosineRange:
    """Where an embedding model's cosines lie: `low` for unrelated texts, `high` for a question and its answer."""

    low: float
    high: float

    @classmethod
    def of(cls, model: str) -> "CosineRange":
        """The range of a model, by its name."""
        if re.search(r"(?<![a-z0-9])(e5|ada-002)(?![a-z0-9])", model.lower()):
            return cls(0.7, 0.9)
        return cls(0.1, 0.7)


def is_near(model: str, cosine: float) -> bool:
    """Whether two texts with this cosine by an embedding model are about the same, not about unrelated things."""
    cosines = CosineRange.of(model)
    return cosine >= cosines.low + _NEAR * (cosines.high - cosines.low)


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], cosines: CosineRange, limit: int) -> list[Hit]:
    """The best `limit` rows of two lists, best first.

    A convex combination of absolute scores, .6 · (cosine - low) / (high - low) + .4 · BM25 / Σ idf(question)
    (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval"). As a row's score does
    not depend on the other rows, it also tells whether anything fits at all. `lexical` holds BM25 / Σ idf;
    a row missing there counts 0, one missing in `dense` the lowest cosine there is.
    """
    lowest = min(dense.values(), default=cosines.low)
    per_cosine = _DENSE_WEIGHT / (cosines.high - cosines.low)
    scores = {
        row: per_cosine * (dense.get(row, lowest) - cosines.low) + (1 - _DENSE_WEIGHT) * lexical.get(row, 0.0)
        for row in dense.keys() | lexical.keys()
    }
    best = sorted(scores, key=lambda row: (-scores[row], row))[:limit]
    shown = lowest if dense else None
    return [Hit(row, scores[row], dense.get(row, shown), lexical.get(row, 0.0)) for row in best]


def reranked(hits: Sequence[Hit], features: Mapping[int, MatchFeatures], cosines: CosineRange) -> list[Hit]:
    """The same rows with their final scores (0 to 1), best first; rows without features stay behind the others.

    Like the fused score, a final score depends on no other row. Where there are no cosines, the features alone
    make the score.
    """
    weighed = [_weighed(hit, features[hit.row], cosines) for hit in hits if hit.row in features]
    weighed.sort(key=lambda hit: (-hit.score, hit.row))
    lowest = weighed[-1].score if weighed else 1.0
    rest = [hit._replace(score=min(max(hit.score, 0.0), lowest)) for hit in hits if hit.row not in features]
    return weighed + rest


def _weighed(hit: Hit, words: MatchFeatures, cosines: CosineRange) -> Hit:
    said = _COVERAGE * words.coverage + _TOGETHER * words.together + _PAIRS * words.pairs
    if hit.dense is None:
        score = said / (1 - _COSINE)
    else:
        score = said + _COSINE * (hit.dense - cosines.low) / (cosines.high - cosines.low)
    return hit._replace(score=min(max(score, 0.0), 1.0))
