"""Each request has an id, the caller's own if it is sane, and one line in the log."""

import logging
import re
import secrets
import time
from urllib.parse import quote

from flask import Flask, Response, g, request

from app.domain.ids import is_id
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
    _log.info("%s %s %d %.1f ms", request.method, _path(), response.status_code, milliseconds)
    return response


def _path() -> str:
    """The path with our own ids alone, as customers' numbers and names would stay in the log.

    Of a path that no route has (with this method), what comes after its second part is left out.
    """
    path = request.path
    if request.routing_exception is not None:
        path = "/".join(path.split("/", 4)[:3] + ["<more>"] * (path.count("/") > 2))
    for name, value in (request.view_args or {}).items():
        if not is_id(str(value)):
            before, _, after = path.rpartition(str(value))
            path = f"{before}<{name}>{after}"
    return quote(path, safe="/+<>")  # a line break in it would make a line of its own
