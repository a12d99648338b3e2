"""Every reason why a file gave no text is a sentence for its owner."""

import pytest

from app.domain.errors import DiskFullError
from app.extraction.problems import Problem


@pytest.mark.parametrize("problem", [one for one in Problem if one is not Problem.DISK_FULL])
def test_every_problem_is_told_in_a_sentence(problem: Problem) -> None:
    assert problem.error().message == problem.value
    assert problem.value.startswith(("The ", "No ", "What ", "Reading "))
    assert problem.value.endswith(".")


def test_a_full_disk_is_no_problem_of_the_file() -> None:
    assert isinstance(Problem.DISK_FULL.error(), DiskFullError)
