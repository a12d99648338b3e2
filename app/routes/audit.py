"""/audit, and where each request comes from, which the audit keeps."""

from typing import Any

from apiflask import APIBlueprint
from flask import Flask, g, request

from app.domain.audit import Origin
from app.routes.authentication import caller, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.audit import AuditOut, AuditQuery
from app.services.audit import AuditHistory
from app.services.audit.origin import request_origin


def register_origins(app: Flask) -> None:
    """Remember of each request its address and id, once it has an id."""
    app.before_request(_remember)


def _remember() -> None:
    request_origin.set(Origin(request.remote_addr, g.request_id))


def audit_routes(history: AuditHistory) -> APIBlueprint:
    """Who changed what."""
    api = APIBlueprint("audit", __name__, url_prefix="/audit", tag="Audit")

    @api.get("/list")
    @api.doc(
        summary="List who changed what, newest first",
        description="Owners see what happened at their assistants; administrators see everything, sign-ins and "
        "accounts too.",
        security="token",
        responses=[403],
    )
    @signed_in
    @api.input(AuditQuery, location="query")
    @api.output(list_of(AuditOut))
    def list_all(query_data: AuditQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return history.page(caller(), query_data.to_filter(), before, limit)

        return page(query_data, read, AuditOut.of, lambda entry: entry.id)

    return api
