"""/assistants: what an assistant knows"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import TOKEN_OR_KEY, Guard, caller
from app.routes.paging import list_of
from app.routes.schemas.knowledge import KnowledgeOut, ScoredChunkOut, SearchIn
from app.services.knowledge import KnowledgeService


def knowledge_routes(knowledge: KnowledgeService, identified: Guard) -> APIBlueprint:
    """Trying out questions, and seeing how far the index is."""
    api = APIBlueprint("knowledge", __name__, url_prefix="/assistants", tag="Knowledge")

    @api.post("/search/<assistant_id>")
    @api.doc(
        summary="Show what a question finds in an assistant's documents",
        security=TOKEN_OR_KEY,
        responses=[403, 404],
    )
    @identified
    @api.input(SearchIn)
    @api.output(list_of(ScoredChunkOut))
    def search(assistant_id: str, json_data: SearchIn) -> Any:
        found = knowledge.search(caller(), assistant_id, json_data.query, json_data.limit)
        return [ScoredChunkOut.of(candidate) for candidate in found]

    @api.get("/knowledge/<assistant_id>")
    @api.doc(summary="Show how far an assistant's knowledge is", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.output(KnowledgeOut)
    def state(assistant_id: str) -> Any:
        return KnowledgeOut.of(knowledge.state(caller(), assistant_id))

    return api
