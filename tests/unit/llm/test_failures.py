import time
from email.utils import formatdate
from typing import Any

import httpx2
import openai
import pytest

from app.domain.deadline import Deadline
from app.domain.errors import ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.llm.failures import Failure, delay_before_retry, explain, refused_parameter
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


def refusal(status: int, message: str = "No.", **body: Any) -> openai.APIStatusError:
    response = httpx2.Response(status, request=httpx2.Request("POST", "https://models.example/v1"))
    return openai.APIStatusError(message, response=response, body={"message": message, **body})


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("param", ["temperature", "reasoning_effort", "tools", "stream_options"])
def test_an_optional_parameter_is_named(status: int, param: str) -> None:
    assert refused_parameter(refusal(status, param=param)) == param


def test_a_part_of_a_parameter_means_the_parameter() -> None:
    assert refused_parameter(refusal(400, param="tools[0].function.parameters")) == "tools"


@pytest.mark.parametrize(
    "error",
    [
        refusal(400, "registry.ollama.ai/library/gemma:2b does not support tools"),
        refusal(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
        refusal(404, "No endpoints found that support tool use."),
        refusal(400, "`tool calling` is not supported with this model"),
        refusal(422, code="unsupported_functions"),
        refusal(400, type="tools_not_supported"),
    ],
    ids=str,
)
def test_no_tools_is_said_in_many_ways(error: Exception) -> None:
    assert refused_parameter(error) == "tools"


@pytest.mark.parametrize(
    "error",
    [
        refusal(400, param="messages"),
        refusal(400, "maximum context length is 4097 tokens. Reduce the length of the messages or functions."),
        refusal(400, code="unsupported_value"),
        refusal(401, param="tools"),
        refusal(500, "tools are not supported"),
        ValueError("tools are not supported"),
    ],
    ids=str,
)
def test_anything_else_is_no_refusal_of_a_parameter(error: Exception) -> None:
    assert refused_parameter(error) is None


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
