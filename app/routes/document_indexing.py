"""/documents: cancels and retries the indexing of a document, and shows its chunks."""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import TOKEN_OR_KEY, Guard, caller
from app.routes.paging import link_to, list_of
from app.routes.schemas.documents import ChunkOut, ChunkQuery, DocumentOut
from app.services.document_indexing import DocumentIndexing


def document_indexing_routes(indexing: DocumentIndexing, identified: Guard) -> APIBlueprint:
    """Routes for the indexing of a document."""
    api = APIBlueprint("document_indexing", __name__, url_prefix="/documents", tag="Indexing")

    @api.route("/cancel/<document_id>", methods=["PUT", "POST"])
    @api.doc(summary="Stop work on an upload", security=TOKEN_OR_KEY, responses=[403, 404, 409])
    @identified
    @api.output(DocumentOut)
    def cancel(document_id: str) -> Any:
        return DocumentOut.of(indexing.cancel(caller(), document_id))

    @api.route("/retry/<document_id>", methods=["PUT", "POST"])
    @api.doc(
        summary="Work again on what failed, was cancelled or has a warning",
        security=TOKEN_OR_KEY,
        responses=[403, 404, 409],
    )
    @identified
    @api.output(DocumentOut)
    def retry(document_id: str) -> Any:
        return DocumentOut.of(indexing.retry(caller(), document_id))

    @api.get("/chunks/<document_id>")
    @api.doc(summary="Show what a document was cut into, in order", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.input(ChunkQuery, location="query")
    @api.output(list_of(ChunkOut))
    def chunks(document_id: str, query_data: ChunkQuery) -> Any:
        first, limit = query_data.cursor, query_data.limit
        pieces = indexing.chunks(caller(), document_id, first, limit + 1)
        headers = {"Link": link_to(str(first + limit))} if len(pieces) > limit else {}
        return [ChunkOut.of(first + place, piece) for place, piece in enumerate(pieces[:limit])], 200, headers

    return api
