"""The one table that turns errors into HTTP, and the one body they all have."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, jsonify

from app.domain.errors import (
    BudgetExhaustedError,
    BusyError,
    ConflictError,
    DatabaseUnavailableError,
    DiskFullError,
    ForbiddenError,
    InProgressError,
    InvalidError,
    ModelError,
    ModelFailedError,
    ModelTimeoutError,
    ModelUnavailableError,
    NotFoundError,
    OrquestradoraError,
    ProviderUnavailableError,
    RateLimitedError,
    TooLargeError,
    TooManyAttemptsError,
    UnauthorizedError,
    UnavailableError,
)
from app.routes.requests import UnreadableBodyError, UnsupportedTypeError

_log = logging.getLogger(__name__)

_STATUS: dict[type[OrquestradoraError], int] = {
    UnreadableBodyError: 400,
    UnauthorizedError: 401,
    ForbiddenError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    TooLargeError: 413,
    UnsupportedTypeError: 415,
    InvalidError: 422,
    TooManyAttemptsError: 429,
    BusyError: 429,
    RateLimitedError: 429,
    ModelFailedError: 502,
    ModelUnavailableError: 503,
    UnavailableError: 503,
    BudgetExhaustedError: 503,
    ModelTimeoutError: 504,
}

_WITH_RETRY_AFTER = (
    TooManyAttemptsError,
    BusyError,
    RateLimitedError,
    InProgressError,
    ModelError,
    DatabaseUnavailableError,
    DiskFullError,
    ProviderUnavailableError,
)

_SENTENCES: dict[int, tuple[str, str]] = {
    400: ("bad_request", "The request could not be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    413: ("payload_too_large", "The request is too large."),
    415: ("unsupported_media_type", "The body is not of a type that is understood here."),
    422: ("validation_error", "Some of the values cannot be used."),
    500: ("internal_error", "Something went wrong on our side."),
}

_UNKNOWN_FIELD = ("Extra inputs are not permitted", "This field is not known here.")
_MISSING_FIELD = ("Field required", "This field is required.")


Translate = Callable[[Exception], OrquestradoraError | None]
"""What one of our errors an error of the database or the disk is; None for a bug."""


def register_errors(app: APIFlask, translate: Translate) -> None:
    """Give every error its status and body."""

    def any_error(error: Exception) -> Response:
        translated = translated_error(error, translate)
        if translated is None:
            raise error
        return error_of(translated)

    app.error_processor(_http_error)
    app.register_error_handler(Exception, any_error)


def translated_error(error: Exception, translate: Translate) -> OrquestradoraError | None:
    """The error itself if it is one of ours, or the one of ours it means; None for a bug."""
    if isinstance(error, OrquestradoraError):
        return error
    translated = translate(error)
    if translated is not None:
        _log.error("A request failed with %s", translated.code, exc_info=error)
    return translated


def error_response(
    status: int, code: str, sentence: str, fields: Mapping[str, Any] | None = None, **headers: str
) -> Response:
    """The body of every error; header names are written with underscores."""
    return _response(status, _body(code, sentence, fields), headers)


def _response(status: int, body: dict[str, Any], headers: Mapping[str, str]) -> Response:
    response = jsonify(body)
    response.status_code = status
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def body_of(error: OrquestradoraError) -> dict[str, Any]:
    """The body that every error has."""
    fields = error.fields if isinstance(error, InvalidError) else None
    return _body(error.code, error.message, fields)


def _body(code: str, sentence: str, fields: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"error": sentence, "code": code, **({"fields": fields} if fields else {})}


def error_of(error: OrquestradoraError) -> Response:
    """The answer to a request that met this error."""
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    headers: dict[str, str] = {}
    if isinstance(error, UnauthorizedError):
        headers["WWW_Authenticate"] = error.challenge
    if isinstance(error, _WITH_RETRY_AFTER) and error.retry_after is not None:
        headers["Retry_After"] = str(error.retry_after)
    if error.replayed:
        headers["Idempotent_Replayed"] = "true"
    return _response(status, body_of(error), headers)


def _http_error(error: HTTPError) -> Response:
    code, sentence = _SENTENCES.get(error.status_code, ("http_error", str(error.message)))
    kept = {name: str(value) for name, value in dict(error.headers).items() if name in {"Allow", "Location"}}
    return error_response(error.status_code, code, sentence, _fields(error.detail), **kept)


def _fields(detail: Any) -> dict[str, list[str]]:
    """From `{location: {field: [problem]}}` to `{field: [problem]}`."""
    fields: dict[str, list[str]] = {}
    for location, problems in detail.items() if isinstance(detail, dict) else []:
        for field, sentences in problems.items():
            name = field.replace("_", "-").title() if location == "headers" else field[:100]
            fields[name] = [_plain(sentence) for sentence in sentences]
    return fields


def _plain(sentence: str) -> str:
    for pydantic_says, we_say in (_UNKNOWN_FIELD, _MISSING_FIELD):
        if sentence == pydantic_says:
            return we_say
    return sentence.removeprefix("Value error, ")
