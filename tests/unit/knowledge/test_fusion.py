"""Two rankings become one, on a scale that means something."""

from collections.abc import Mapping

import pytest

from app.knowledge.fusion import CosineRange, Hit, fuse, reranked
from app.knowledge.match_features import MatchFeatures

E5 = CosineRange(0.7, 0.9)


def test_a_row_of_both_lists_has_a_share_of_each_score() -> None:
    (hit,) = fuse({7: 0.85}, {7: 0.6}, E5, limit=10)

    assert hit == pytest.approx(Hit(7, 0.6 * 0.75 + 0.4 * 0.6, 0.85, 0.6))


def test_a_row_without_words_counts_none() -> None:
    (hit,) = fuse({1: 0.9}, {}, E5, limit=10)

    assert hit == pytest.approx(Hit(1, 0.6, 0.9, 0.0))


def test_a_row_missing_in_the_dense_list_has_the_lowest_cosine_there() -> None:
    hits = fuse({1: 0.9, 2: 0.8}, {3: 1.0}, E5, limit=10)

    assert hits[0] == pytest.approx(Hit(3, 0.6 * 0.5 + 0.4, 0.8, 1.0))


def test_a_cosine_below_the_range_takes_away() -> None:
    (hit,) = fuse({1: 0.6}, {}, E5, limit=1)

    assert hit.score == pytest.approx(-0.3)


def test_the_best_come_first_and_equals_by_row() -> None:
    hits = fuse({4: 0.8, 2: 0.8, 9: 0.9, 1: 0.7}, {}, E5, limit=3)

    assert [hit.row for hit in hits] == [9, 2, 4]


def test_a_score_does_not_depend_on_the_other_rows() -> None:
    alone = fuse({1: 0.85}, {1: 0.4}, E5, limit=10)
    among = fuse({1: 0.85, 2: 0.9, 3: 0.71}, {1: 0.4, 3: 1.2}, E5, limit=10)

    assert alone[0] in among


def test_nothing_to_rank() -> None:
    assert fuse({}, {}, E5, limit=10) == []
    assert [hit.row for hit in fuse({}, {5: 0.3}, E5, limit=10)] == [5]


@pytest.mark.parametrize(
    "model", ["multilingual-e5-small/enpt-int8@2", "intfloat/multilingual-E5-large", "e5", "text-embedding-ada-002"]
)
def test_models_with_crowded_cosines_are_known_by_name(model: str) -> None:
    assert CosineRange.of(model) == CosineRange(0.7, 0.9)


@pytest.mark.parametrize("model", ["text-embedding-3-small", "bge-m3", "base56", "qwen3-embedding@e51f0a"])
def test_other_models_have_the_usual_range(model: str) -> None:
    assert CosineRange.of(model) == CosineRange(0.1, 0.7)


ALL, NOTHING = MatchFeatures(1, 1, 1), MatchFeatures(0, 0, 0)


def final(hits: Mapping[int, float | None], features: dict[int, MatchFeatures]) -> dict[int, float]:
    """Final scores by row, best first, of rows with these cosines."""
    before = [Hit(row, 0.0, cosine, 0.0) for row, cosine in hits.items()]
    return {hit.row: hit.score for hit in reranked(before, features, E5)}


def test_everything_said_in_words_and_meaning_scores_one() -> None:
    assert final({1: 0.9}, {1: ALL}) == pytest.approx({1: 1.0})


def test_a_final_score_lies_between_nothing_and_all() -> None:
    assert final({1: 0.95, 2: 0.5}, {1: ALL, 2: NOTHING}) == {1: 1.0, 2: 0.0}


def test_words_change_the_order() -> None:
    assert list(final({1: 0.86, 2: 0.85}, {1: NOTHING, 2: MatchFeatures(0.5, 0.5, 0.2)})) == [2, 1]


def test_without_cosines_the_words_have_to_do() -> None:
    assert final({1: None, 2: None}, {1: ALL, 2: NOTHING}) == pytest.approx({1: 1.0, 2: 0.0})
