"""/unanswered"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import caller, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.unanswered import UnansweredOut, UnansweredQuery
from app.services.unanswered.service import UnansweredService


def unanswered_routes(unanswered: UnansweredService) -> APIBlueprint:
    """What assistants did not know."""
    api = APIBlueprint("unanswered", __name__, url_prefix="/unanswered", tag="Unanswered questions")

    @api.get("/list/<assistant_id>")
    @api.doc(
        summary="List what an assistant did not know, those asked last first",
        description="Similar questions are one group.",
        security="token",
        responses=[403, 404],
    )
    @signed_in
    @api.input(UnansweredQuery, location="query")
    @api.output(list_of(UnansweredOut))
    def list_all(assistant_id: str, query_data: UnansweredQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return unanswered.page(caller(), assistant_id, query_data.state, before, limit)

        return page(query_data, read, UnansweredOut.of, lambda group: group.last_chat_id)

    @api.put("/done/<group_id>")
    @api.doc(summary="Mark a group of unanswered questions as done", security="token", responses=[403, 404])
    @signed_in
    @api.output(UnansweredOut)
    def done(group_id: str) -> Any:
        return UnansweredOut.of(unanswered.done(caller(), group_id))

    @api.put("/reopen/<group_id>")
    @api.doc(summary="Mark a group of unanswered questions as open again", security="token", responses=[403, 404])
    @signed_in
    @api.output(UnansweredOut)
    def reopen(group_id: str) -> Any:
        return UnansweredOut.of(unanswered.reopen(caller(), group_id))

    return api
