"""How requests are read: strictly."""

import json
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.formparser import FormDataParser

from app.domain.errors import InvalidError, OrquestradoraError

MAX_JSON_BYTES = 1024 * 1024


class UnreadableBodyError(OrquestradoraError):
    """The body is not what its type says."""

    code = "bad_request"


class UnsupportedTypeError(OrquestradoraError):
    """The body is of another type than the route takes."""

    code = "unsupported_media_type"


class StrictFormParser(FormDataParser):
    """A form that cannot be read to its end is refused, and not taken for an empty one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(silent=False, **options)

    def parse(self, *arguments: Any, **options: Any) -> Any:
        """The stream, the fields and the files; raises `UnreadableBodyError`."""
        try:
            return super().parse(*arguments, **options)
        except ValueError:
            sentence = "The form cannot be read: it is damaged, or ends before its last boundary."
            raise UnreadableBodyError(sentence) from None


class ApiRequest(Request):
    """A request whose body is JSON if it says so; a body that is no form has at most 1 MB."""

    form_data_parser_class = StrictFormParser

    def __init__(self, wsgi: WSGIEnvironment, *arguments: Any, **options: Any) -> None:
        """Spell the scheme of the credentials as flask-jwt-extended does; it has no case (RFC 9110, 11.1)."""
        scheme, blank, token = wsgi.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() == "bearer":
            wsgi["HTTP_AUTHORIZATION"] = f"Bearer{blank}{token}"
        super().__init__(wsgi, *arguments, **options)
        if self.mimetype != "multipart/form-data":
            self.max_content_length = MAX_JSON_BYTES

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The parsed body; 413 over 1 MB.

        Raises `UnsupportedTypeError` where it does not say that it is JSON, `UnreadableBodyError` where it is not,
        and `InvalidError` where it is JSON, but no object.
        """
        if not self.is_json:
            raise UnsupportedTypeError("Send the body as JSON, with the header Content-Type: application/json.")
        body = super().get_json(silent=silent, cache=cache)
        if not isinstance(body, dict):
            raise InvalidError("The body must be a JSON object.", {"body": ["Must be a JSON object."]})
        return body

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Say where it ends to be JSON, and nothing of what is in it."""
        if not self.get_data():
            raise UnreadableBodyError("The body is empty; send a JSON object.")
        if isinstance(e, json.JSONDecodeError):
            raise UnreadableBodyError(f"The body is not JSON: see line {e.lineno}, column {e.colno}.")
        if isinstance(e, UnicodeDecodeError):
            raise UnreadableBodyError("The body is not JSON: it is not encoded in UTF-8.")
        raise UnreadableBodyError(
            "The body is not JSON: it holds a number JSON does not have, or is nested too deeply."
        )


class StrictJson(DefaultJSONProvider):
    """JSON as RFC 8259 has it: no NaN, no nesting that overflows the stack; text stays readable in answers."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Parse, or raise `ValueError`."""
        try:
            return json.loads(s, parse_constant=_refuse, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
