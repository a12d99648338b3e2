"""/painel/: the static files of the dashboard, which uses the other routes and nothing else."""

import gzip
import io
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request, send_file, send_from_directory

_FILES = Path(__file__).parents[1] / "dashboard"
# Pictures and recordings of customers are fetched with the token and shown as blobs.
_POLICY = (
    "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# All files are some hundreds of kilobytes.
_COMPRESSED_FILES = 500


def dashboard_routes() -> APIBlueprint:
    """The page and its files; browsers ask each time whether one has changed (`ETag`)."""
    api = APIBlueprint("dashboard", __name__, url_prefix="/painel", enable_openapi=False)

    @api.get("/")
    def page() -> Any:
        return _send("index.html")

    @api.get("/<path:name>")
    def file(name: str) -> Any:
        return _send(name)

    return api


def _send(name: str) -> Response:
    response = send_from_directory(_FILES, name, max_age=0)
    if request.accept_encodings["gzip"] and response.status_code in (200, 304):
        response.close()
        response = _compressed(name)
    response.headers["Content-Security-Policy"] = _POLICY
    response.vary.add("Accept-Encoding")
    return response


def _compressed(name: str) -> Response:
    """A file of the folder, which has been looked for by then, with an ETag of its own."""
    path = _FILES / name
    changed = path.stat().st_mtime_ns
    etag = f"{changed:x}-gzip"
    kind = mimetypes.guess_type(name)[0]
    response = send_file(io.BytesIO(_gzipped(path, changed)), kind, etag=etag, max_age=0)
    response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(_COMPRESSED_FILES)
def _gzipped(path: Path, changed: int) -> bytes:
    """The file as it was `changed`."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
