"""/documents"""

from typing import Any

from apiflask import APIBlueprint
from flask import request, send_file, url_for

from app.domain.documents import Document
from app.routes.authentication import TOKEN_OR_KEY, Guard, caller
from app.routes.multipart import multipart
from app.routes.paging import list_of, page
from app.routes.schemas.common import MessageOut
from app.routes.schemas.documents import DocumentIn, DocumentOut, DocumentQuery, DocumentUpdateIn, PathOut, UrlIn
from app.services.document_changes import DocumentChanges
from app.services.documents import DocumentService
from app.services.web_pages import PageService

_FILE: Any = {
    200: {"description": "The file", "content": {"application/octet-stream": {"schema": {"type": "string"}}}},
    304: {"description": "The file has not changed since it was last downloaded"},
    403: "Forbidden",
}


def document_routes(
    documents: DocumentService, changes: DocumentChanges, pages: PageService, identified: Guard
) -> APIBlueprint:
    """Uploading, showing, changing, downloading and deleting documents."""
    api = APIBlueprint("documents", __name__, url_prefix="/documents", tag="Documents")

    @api.post("/add")
    @api.doc(summary="Upload a document", security=TOKEN_OR_KEY, responses=[403, 404, 409])
    @identified
    @multipart
    @api.input(DocumentIn, location="form_and_files")
    @api.output(DocumentOut, status_code=201)
    def add(form_and_files_data: DocumentIn) -> Any:
        document = documents.add(caller(), form_and_files_data.assistant_id, form_and_files_data.to_upload())
        return _added(document)

    @api.post("/addUrl")
    @api.doc(summary="Add a web page as a document", security=TOKEN_OR_KEY, responses=[403, 404, 409])
    @identified
    @api.input(UrlIn)
    @api.output(DocumentOut, status_code=201)
    def add_url(json_data: UrlIn) -> Any:
        document = pages.add(caller(), json_data.assistant_id, json_data.origin(), json_data.sent_visibility())
        return _added(document)

    @api.get("/list")
    @api.doc(summary="List documents, newest first", security=TOKEN_OR_KEY, responses=[403])
    @identified
    @api.input(DocumentQuery, location="query")
    @api.output(list_of(DocumentOut))
    def list_all(query_data: DocumentQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return documents.page(caller(), query_data.assistant_id, query_data.type, before, limit)

        return page(query_data, read, DocumentOut.of, lambda document: document.id)

    @api.get("/get/<document_id>")
    @api.doc(summary="Show a document", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.output(DocumentOut)
    def get(document_id: str) -> Any:
        return DocumentOut.of(documents.get(caller(), document_id))

    @api.put("/update/<document_id>")
    @api.doc(
        summary="Change when a document is found or fetched again", security=TOKEN_OR_KEY, responses=[403, 404, 409]
    )
    @identified
    @api.input(DocumentUpdateIn)
    @api.output(DocumentOut)
    def update(document_id: str, json_data: DocumentUpdateIn) -> Any:
        json_data.check_unchanged(DocumentOut.of(documents.get(caller(), document_id)))
        return DocumentOut.of(changes.change(caller(), document_id, json_data.to_change()))

    @api.route("/path/get/<document_id>", methods=["GET", "PUT"])
    @api.doc(summary="Show where a document's file is", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.output(PathOut)
    def path(document_id: str) -> Any:
        return PathOut(path=documents.get(caller(), document_id).filepath)

    @api.get("/download/<document_id>")
    @api.doc(summary="Download a document as it was uploaded", security=TOKEN_OR_KEY, responses=_FILE)
    @identified
    def download(document_id: str) -> Any:
        document, file = documents.file(caller(), document_id)
        name, mimetype = document.filename, "application/octet-stream"
        response = send_file(file, mimetype, as_attachment=True, download_name=name, conditional=False)
        # Without ranges, so that the server sends the file by itself, and no thread waits for its reader.
        return response.make_conditional(request)

    @api.delete("/delete/<document_id>")
    @api.doc(summary="Delete a document", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.output(MessageOut)
    def delete(document_id: str) -> Any:
        documents.delete(caller(), document_id)
        return MessageOut(message="The document was deleted.")

    return api


def _added(document: Document) -> tuple[DocumentOut, int, dict[str, str]]:
    return DocumentOut.of(document), 201, {"Location": url_for("documents.get", document_id=document.id)}
