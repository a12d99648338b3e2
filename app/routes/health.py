"""/health and /ready, for whatever watches over the service; they tell nothing else to nobody."""

from typing import Any

from apiflask import APIBlueprint

from app.routes.errors import error_response
from app.routes.schemas.common import AnswerModel
from app.services.readiness import Readiness


class StatusOut(AnswerModel):
    """How it is."""

    status: str


def health_routes(readiness: Readiness) -> APIBlueprint:
    """Is it alive, and can it work?"""
    api = APIBlueprint("health", __name__, tag="Health")

    @api.get("/health")
    @api.output(StatusOut)
    @api.doc(summary="The process answers")
    def health() -> Any:
        return StatusOut(status="ok")

    @api.get("/ready")
    @api.output(StatusOut)
    @api.doc(summary="The service can do its work", responses=[503])
    def ready() -> Any:
        missing = readiness.missing()
        if missing:
            sentence = f"Not ready: {', '.join(missing)}."
            return error_response(503, "not_ready", sentence)
        return StatusOut(status="ready")

    return api
