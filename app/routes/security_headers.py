"""What browsers are told not to do with the answers."""

import base64
import hashlib
import re

from flask import Flask, Response

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def register_security_headers(app: Flask) -> None:
    """Add them to every answer; a route that sets one of these headers itself keeps its own."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    headers = response.headers
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if "Content-Security-Policy" not in headers:
        is_page = response.mimetype == "text/html" and not response.direct_passthrough and not response.is_streamed
        headers["Content-Security-Policy"] = _page_policy(response) if is_page else _NOTHING
    if response.cache_control.max_age is None:
        headers["Cache-Control"] = "no-store"
    return response


def _page_policy(page: Response) -> str:
    """A page runs the scripts in it, and loads only what this service has (CSP level 3).

    Swagger UI sets the `style` of its elements, which only 'unsafe-inline' allows.
    """
    scripts = " ".join(map(_source, _INLINE_SCRIPT.findall(page.get_data(as_text=True))))
    return (
        f"{_NOTHING}; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'"
    )


def _source(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
