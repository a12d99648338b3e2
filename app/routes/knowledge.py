"""/assistants: what an assistant knows"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import caller, signed_in
from app.routes.paging import list_of
from app.routes.schemas.knowledge import KnowledgeOut, ScoredChunkOut, SearchIn
from app.services.knowledge import KnowledgeService


def knowledge_routes(knowledge: KnowledgeService) -> APIBlueprint:
    """Trying out questions, and seeing how far the index is."""
    api = APIBlueprint("knowledge", __name__, url_prefix="/assistants", tag="Knowledge")

    @api.post("/search/<assistant_id>")
    @api.doc(summary="Show what a question finds in an assistant's documents", security="token", responses=[404])
    @signed_in
    @api.input(SearchIn)
    @api.output(list_of(ScoredChunkOut))
    def search(assistant_id: str, json_data: SearchIn) -> Any:
        found = knowledge.search(caller(), assistant_id, json_data.query, json_data.limit)
        return [ScoredChunkOut.of(candidate) for candidate in found]

    @api.get("/knowledge/<assistant_id>")
    @api.doc(summary="Show how far an assistant's knowledge is", security="token", responses=[404])
    @signed_in
    @api.output(KnowledgeOut)
    def state(assistant_id: str) -> Any:
        return KnowledgeOut.of(knowledge.state(caller(), assistant_id))

    return api
