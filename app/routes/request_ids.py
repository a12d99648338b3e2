"""Each request has an id, the caller's own if it is sane, and one line in the log."""

import logging
import re
import secrets
import time
from urllib.parse import quote

from flask import Flask, Response, g, request

from app.logs import request_id

_log = logging.getLogger(__name__)
_SANE = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def register_request_ids(app: Flask) -> None:
    """Take or make an id before each request, and return it."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    offered = request.headers.get("X-Request-ID", "")
    g.request_id = offered if _SANE.fullmatch(offered) else secrets.token_hex(16)
    g.began = time.perf_counter()
    request_id.set(g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    milliseconds = (time.perf_counter() - g.began) * 1000
    path = quote(request.path, safe="/+")  # a line break in it would make a line of its own
    _log.info("%s %s %d %.1f ms", request.method, path, response.status_code, milliseconds)
    return response
