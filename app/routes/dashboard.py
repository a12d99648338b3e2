"""/painel/: the static files of the dashboard, which uses the other routes and nothing else."""

from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import send_from_directory

_FILES = Path(__file__).parents[1] / "dashboard"
# Pictures and recordings of customers are fetched with the token and shown as blobs.
_POLICY = (
    "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


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


def _send(name: str) -> Any:
    response = send_from_directory(_FILES, name, max_age=0)
    response.headers["Content-Security-Policy"] = _POLICY
    return response
