import pytest

from app.domain.errors import ModelFailedError, ModelUnavailableError
from app.llm.language_model import delay_before_retry
from app.llm.model_failures import Failure


def busy(retry_after: int | None = None) -> Failure:
    return Failure(ModelUnavailableError("Busy.", retry_after=retry_after), "HTTP 429", retryable=True, is_up=True)


def test_back_off_doubles_with_jitter() -> None:
    for _ in range(50):
        assert 0.25 <= (delay_before_retry(busy(), 0, 30) or 0) <= 0.5
        assert 0.5 <= (delay_before_retry(busy(), 1, 30) or 0) <= 1


def test_two_retries_and_no_more() -> None:
    assert delay_before_retry(busy(), 2, 30) is None


def test_what_would_fail_again_is_not_retried() -> None:
    failure = Failure(ModelFailedError("No."), "HTTP 401", retryable=False, is_up=True)

    assert delay_before_retry(failure, 0, 30) is None


@pytest.mark.parametrize(
    ("retry_after", "left", "delay"), [(0, 30, 0), (3, 30, 3), (30, 30, None), (7200, 30, None)]
)
def test_retry_after_counts_if_it_fits(retry_after: int, left: float, delay: float | None) -> None:
    assert delay_before_retry(busy(retry_after), 0, left) == delay


def test_no_wait_beyond_the_deadline() -> None:
    assert delay_before_retry(busy(), 0, 0.1) is None
