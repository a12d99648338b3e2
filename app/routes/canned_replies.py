"""/assistants: canned replies"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import TOKEN_OR_KEY, Guard, caller
from app.routes.paging import list_of
from app.routes.schemas.common import MessageOut
from app.routes.schemas.inbox import CannedReplyChangeIn, CannedReplyIn, CannedReplyOut, CannedReplyQuery
from app.services.inbox.canned_replies import CannedReplyService


def canned_reply_routes(replies: CannedReplyService, identified: Guard) -> APIBlueprint:
    """Texts that operators write often."""
    api = APIBlueprint("canned_replies", __name__, url_prefix="/assistants", tag="Canned replies")

    @api.get("/cannedReplies/<assistant_id>")
    @api.doc(summary="List an assistant's canned replies, by shortcut", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.output(list_of(CannedReplyOut))
    def list_all(assistant_id: str) -> Any:
        return [CannedReplyOut.of(one) for one in replies.all(caller(), assistant_id)]

    @api.post("/cannedReplies/<assistant_id>")
    @api.doc(summary="Add a canned reply", security=TOKEN_OR_KEY, responses=[403, 404, 409])
    @identified
    @api.input(CannedReplyIn)
    @api.output(CannedReplyOut, status_code=201)
    def add(assistant_id: str, json_data: CannedReplyIn) -> Any:
        return CannedReplyOut.of(replies.add(caller(), assistant_id, json_data.shortcut, json_data.text))

    @api.put("/cannedReplies/<assistant_id>")
    @api.doc(summary="Change a canned reply", security=TOKEN_OR_KEY, responses=[403, 404, 409])
    @identified
    @api.input(CannedReplyQuery, location="query")
    @api.input(CannedReplyChangeIn)
    @api.output(CannedReplyOut)
    def change(assistant_id: str, query_data: CannedReplyQuery, json_data: CannedReplyChangeIn) -> Any:
        shortcut, text = json_data.shortcut, json_data.text
        return CannedReplyOut.of(replies.change(caller(), assistant_id, query_data.reply_id, shortcut, text))

    @api.delete("/cannedReplies/<assistant_id>")
    @api.doc(summary="Delete a canned reply", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.input(CannedReplyQuery, location="query")
    @api.output(MessageOut)
    def delete(assistant_id: str, query_data: CannedReplyQuery) -> Any:
        replies.delete(caller(), assistant_id, query_data.reply_id)
        return MessageOut(message="The canned reply was deleted.")

    return api
