"""How requests are read: strictly."""

import json
from typing import Any

from flask import Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

_MAX_JSON_BYTES = 1024 * 1024


class ApiRequest(Request):
    """A request whose body is JSON if it says so, and is small unless a route takes uploads."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The parsed body; 415 where it does not say that it is JSON, 400 where it is not, 413 over 1 MB."""
        if not self.is_json:
            raise UnsupportedMediaType
        self.max_content_length = _MAX_JSON_BYTES
        return super().get_json(silent=silent, cache=cache)

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Say nothing of the body."""
        raise BadRequest


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
