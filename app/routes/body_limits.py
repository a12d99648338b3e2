"""How long a body may be, asked of a request's headers before its body is read."""

import logging
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask, request

from app.domain.errors import OrquestradoraError
from app.routes.requests import MAX_JSON_BYTES

_log = logging.getLogger(__name__)


def body_limit(app: Flask, environ: WSGIEnvironment) -> int:
    """How many bytes a request's body may have; 0 where the route does not exist, or its guard refuses the request.

    A route may say so itself (`most_bytes`). Without a guard there are no credentials to look at, and no route
    takes a file then: 1 MB, whatever the type.
    The application then refuses it once more, without its body. Asks the database for whoever the credentials name.
    """
    with app.request_context(environ):
        view = app.view_functions.get(request.endpoint or "")
        if view is None or request.method == "OPTIONS":  # which is answered without the route and its guard
            return 0
        most = getattr(view, "most_bytes", None)
        if most is not None:
            return int(most)
        guard = getattr(view, "guard", None)
        if guard is None:
            return MAX_JSON_BYTES
        try:
            _pass(guard)
        except OrquestradoraError:
            return 0
        except Exception:  # such as an outage, which the request itself is told
            _log.warning("Credentials could not be checked before the body", exc_info=True)
        return request.max_content_length or 0


def _pass(guard: Any) -> None:
    """Do what the route's guard (app/routes/authentication.py) does before the route itself."""
    guard(lambda: None)()
