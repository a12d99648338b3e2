"""/painel/: the static files of the dashboard, which uses the other routes and nothing else."""

from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import send_from_directory

_FILES = Path(__file__).parents[1] / "dashboard"


def dashboard_routes() -> APIBlueprint:
    """The pages that links in mails lead to."""
    api = APIBlueprint("dashboard", __name__, url_prefix="/painel", enable_openapi=False)

    @api.get("/")
    def page() -> Any:
        return send_from_directory(_FILES, "index.html")

    @api.get("/<path:name>")
    def file(name: str) -> Any:
        return send_from_directory(_FILES, name)

    return api
