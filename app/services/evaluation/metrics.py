"""Measures of a ranking, from the rank of each question's first hit (1: the best; None: no hit).

Each question has one answer, so that recall@k is the share of questions with a hit among the first k, also known
as success@k, hit rate or top-k accuracy.
"""

from collections.abc import Sequence

Ranks = Sequence[int | None]


def recall_at(k: int, ranks: Ranks) -> float:
    """The share of questions, 0 to 1, with a hit among the first `k`; 0 without questions."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks) if ranks else 0.0


def mrr_at(k: int, ranks: Ranks) -> float:
    """Mean reciprocal rank, 0 to 1, where a hit after the first `k` counts nothing (TREC-8 QA track)."""
    return sum(1 / rank for rank in ranks if rank is not None and rank <= k) / len(ranks) if ranks else 0.0
