import pytest

from app.domain.deadline import Deadline


def test_time_runs_out_and_is_never_negative() -> None:
    assert 59 < Deadline(60).left() <= 60
    assert Deadline(0).left() == 0
    assert Deadline(-1).left() == 0


def test_a_share_is_an_equal_part_of_what_is_left() -> None:
    assert 19 < Deadline(60).share(3).left() <= 20
    assert 59 < Deadline(60).share(1).left() <= 60


@pytest.mark.parametrize(("seconds", "left"), [(20, 20), (90, 60)])
def test_at_most_never_adds_time(seconds: float, left: float) -> None:
    assert left - 1 < Deadline(60).at_most(seconds).left() <= left
