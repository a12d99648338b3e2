import time
from email.utils import formatdate

import httpx2
import openai
import pytest

from app.domain.deadline import Deadline
from app.domain.errors import ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.llm.model_failures import Failure, explain
from app.llm.reply import NoConnectionError, UnusableReplyError

SECRET = "sk-very-secret-key"


def status_error(status: int, *, body: object = None, **headers: str) -> openai.APIStatusError:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = httpx2.Request("POST", "https://user:pass@models.example/v1")
    response = httpx2.Response(status, headers=names, request=request)
    return openai.APIStatusError(f"no: {SECRET}", response=response, body=body)


def explained(error: Exception) -> Failure:
    return explain(error, Deadline(60), is_patient=True)


@pytest.mark.parametrize("status", [408, 429, 503, 529])
def test_busy_is_unavailable_and_retryable(status: int) -> None:
    failure = explained(status_error(status))

    assert isinstance(failure.error, ModelUnavailableError)
    assert failure.error.retry_after is None
    assert failure.retryable


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(400, False), (401, False), (403, False), (404, False), (422, False), (500, True), (502, True)],
)
def test_other_statuses_are_failures(status: int, retryable: bool) -> None:
    failure = explained(status_error(status))

    assert isinstance(failure.error, ModelFailedError)
    assert failure.retryable is retryable
    assert f"HTTP {status}" in failure.reason


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0.2", 1),
        ("0", 0),
        ("-5", 0),
        ("9" * 400, 86_400),
        ("inf", 86_400),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_and_bounded(header: str, seconds: int | None) -> None:
    assert explained(status_error(429, retry_after=header)).error.retry_after == seconds


def test_retry_after_may_be_a_date() -> None:
    retry_after = explained(status_error(503, retry_after=formatdate(time.time() + 90, usegmt=True)))

    assert 80 <= (retry_after.error.retry_after or 0) <= 91


@pytest.mark.parametrize(
    "error",
    [
        NoConnectionError(),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
)
def test_no_connection_is_unavailable(error: Exception) -> None:
    failure = explained(error)

    assert isinstance(failure.error, ModelUnavailableError)
    assert failure.retryable


@pytest.mark.parametrize("error", [KeyError("choices"), IndexError(), ValueError("<html>"), TypeError()])
def test_nonsense_is_a_failure_and_not_asked_for_again(error: Exception) -> None:
    failure = explained(error)

    assert isinstance(failure.error, ModelFailedError)
    assert not failure.retryable
    assert "<html>" not in failure.reason


def test_an_unusable_reply_gives_its_reason() -> None:
    failure = explained(UnusableReplyError("the answer was empty"))

    assert isinstance(failure.error, ModelFailedError)
    assert failure.reason == "the answer was empty"


@pytest.mark.parametrize("error", [status_error(500), NoConnectionError(), TimeoutError(), ValueError()])
def test_after_the_deadline_everything_is_a_timeout(error: Exception) -> None:
    failure = explain(error, Deadline(0), is_patient=True)

    assert isinstance(failure.error, ModelTimeoutError)
    assert not failure.retryable


@pytest.mark.parametrize(
    ("error", "is_up"),
    [
        (status_error(400), True),
        (status_error(401), True),
        (status_error(429, retry_after="7"), True),
        (UnusableReplyError("the answer was empty"), True),
        (ValueError("<html>"), True),
        (status_error(500), False),
        (status_error(503), False),
        (status_error(529), False),
        (NoConnectionError(), False),
        (TimeoutError(), False),
    ],
    ids=str,
)
def test_only_what_says_so_means_that_the_provider_is_down(error: Exception, is_up: bool) -> None:
    assert explained(error).is_up is is_up


@pytest.mark.parametrize(("is_patient", "is_up"), [(True, False), (False, None)])
def test_a_timeout_tells_of_the_provider_only_if_it_had_time(is_patient: bool, is_up: bool | None) -> None:
    assert explain(TimeoutError(), Deadline(0), is_patient=is_patient).is_up is is_up


def test_the_log_gets_codes_and_never_sentences() -> None:
    body = {"message": f"Wrong key {SECRET}", "type": "invalid_request_error", "code": "invalid_api_key"}
    failure = explained(status_error(401, body=body | {"param": f"the customer said: {SECRET}"}))

    assert failure.reason == "HTTP 401 invalid_request_error invalid_api_key; is LLM_API_KEY right?"
    assert SECRET not in str(failure.error)


def test_the_root_of_a_lost_connection_is_named_without_its_address() -> None:
    try:
        try:
            raise ConnectionRefusedError(111, "Connection refused")
        except OSError as cause:
            raise NoConnectionError("https://models.example/v1") from cause
    except NoConnectionError as error:
        failure = explained(error)

    assert failure.reason == "no connection (ConnectionRefusedError: Connection refused)"
