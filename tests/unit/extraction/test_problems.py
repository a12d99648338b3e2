"""Every reason why a file gave no text is a sentence for its owner."""

import errno

import pytest

from app.extraction.problems import Problem, is_disk_full


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_is_told_in_a_sentence(problem: Problem) -> None:
    assert problem.error().message == problem.value
    assert problem.value.startswith(("The ", "No ", "What ", "Reading "))
    assert problem.value.endswith(".")


@pytest.mark.parametrize(("code", "is_full"), [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EIO, False)])
def test_a_full_disk_is_told_from_a_broken_one(code: int, is_full: bool) -> None:
    assert is_disk_full(OSError(code, "x")) == is_full
