"""Measures of rankings."""

import pytest

from app.services.evaluation.metrics import mrr_at, recall_at


@pytest.mark.parametrize(("k", "expected"), [(1, 0.25), (3, 0.5), (5, 0.75), (10, 0.75)])
def test_recall_is_the_share_of_questions_with_a_hit_among_the_first(k: int, expected: float) -> None:
    assert recall_at(k, [1, 3, 5, None]) == expected


def test_the_reciprocal_rank_counts_up_to_its_depth() -> None:
    assert mrr_at(10, [1, 4, 11, None]) == (1 + 1 / 4) / 4


def test_nothing_asked_is_nothing_found() -> None:
    assert (recall_at(5, []), mrr_at(10, [])) == (0, 0)
