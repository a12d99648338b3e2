"""/service/export: everything the service keeps, as one file."""

from typing import Any

from apiflask import APIBlueprint
from flask import request, send_file

from app.routes.authentication import caller, signed_in
from app.routes.schemas.common import MessageOut
from app.routes.schemas.service_export import ExportOut
from app.services.service_export import ExportService

_FILE: Any = {
    200: {"description": "The archive", "content": {"application/gzip": {"schema": {"type": "string"}}}},
    304: {"description": "The file has not changed since it was last downloaded"},
    403: "Forbidden",
    404: "Not found",
}


def service_export_routes(exports: ExportService) -> APIBlueprint:
    """Making, downloading and deleting the export, for administrators."""
    api = APIBlueprint("service_export", __name__, url_prefix="/service", tag="Export")

    @api.post("/export")
    @api.doc(
        summary="Have everything exported into one file (administrators)",
        description="What `python -m app export` writes: all rows, and the documents' files; not the files that "
        "customers sent. It takes the place of the export before it, and is deleted after a day.",
        security="token",
        responses=[403, 409],
    )
    @signed_in
    @api.output(ExportOut, status_code=202)
    def start() -> Any:
        return ExportOut.of(exports.start(caller()))

    @api.get("/export")
    @api.doc(summary="Show how far the export is (administrators)", security="token", responses=[403])
    @signed_in
    @api.output(ExportOut)
    def show() -> Any:
        return ExportOut.of(exports.state(caller()))

    @api.get("/exportFile")
    @api.doc(summary="Download the export (administrators)", security="token", responses=_FILE)
    @signed_in
    def download() -> Any:
        export, path = exports.file(caller())
        name = f"orquestradora-{export.started_at:%Y-%m-%d}.gz" if export.started_at else "orquestradora.gz"
        response = send_file(path, "application/gzip", as_attachment=True, download_name=name, conditional=False)
        # Without ranges, so that the server sends the file by itself, and no thread waits for its reader.
        return response.make_conditional(request)

    @api.delete("/export")
    @api.doc(summary="Delete the export (administrators)", security="token", responses=[403, 409])
    @signed_in
    @api.output(MessageOut)
    def delete() -> Any:
        exports.delete(caller())
        return MessageOut(message="The export was deleted.")

    return api
