"""/assistants and /conversations: labels"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import TOKEN_OR_KEY, Guard, caller
from app.routes.paging import list_of
from app.routes.schemas.common import MessageOut
from app.routes.schemas.conversations import ConversationOut
from app.routes.schemas.inbox import ConversationLabelsIn, LabelChangeIn, LabelIn, LabelOut, LabelQuery
from app.services.conversation_views import ConversationService
from app.services.inbox.labels import LabelService


def label_routes(labels: LabelService, conversations: ConversationService, identified: Guard) -> APIBlueprint:
    """What operators sort conversations by."""
    api = APIBlueprint("labels", __name__, tag="Labels")

    @api.get("/assistants/labels/<assistant_id>")
    @api.doc(summary="List an assistant's labels, by name", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.output(list_of(LabelOut))
    def list_all(assistant_id: str) -> Any:
        return [LabelOut.of(one) for one in labels.all(caller(), assistant_id)]

    @api.post("/assistants/labels/<assistant_id>")
    @api.doc(summary="Add a label", security=TOKEN_OR_KEY, responses=[403, 404, 409])
    @identified
    @api.input(LabelIn)
    @api.output(LabelOut, status_code=201)
    def add(assistant_id: str, json_data: LabelIn) -> Any:
        return LabelOut.of(labels.add(caller(), assistant_id, json_data.name, json_data.color))

    @api.put("/assistants/labels/<assistant_id>")
    @api.doc(summary="Change a label", security=TOKEN_OR_KEY, responses=[403, 404, 409])
    @identified
    @api.input(LabelQuery, location="query")
    @api.input(LabelChangeIn)
    @api.output(LabelOut)
    def change(assistant_id: str, query_data: LabelQuery, json_data: LabelChangeIn) -> Any:
        name, color = json_data.name, json_data.color
        return LabelOut.of(labels.change(caller(), assistant_id, query_data.label_id, name, color))

    @api.delete("/assistants/labels/<assistant_id>")
    @api.doc(summary="Delete a label, also from conversations", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.input(LabelQuery, location="query")
    @api.output(MessageOut)
    def delete(assistant_id: str, query_data: LabelQuery) -> Any:
        labels.delete(caller(), assistant_id, query_data.label_id)
        return MessageOut(message="The label was deleted, and taken off all conversations.")

    @api.put("/conversations/labels/<conversation_id>")
    @api.doc(summary="Give a conversation labels", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.input(ConversationLabelsIn)
    @api.output(ConversationOut)
    def put(conversation_id: str, json_data: ConversationLabelsIn) -> Any:
        conversation = labels.put(caller(), conversation_id, json_data.label_ids)
        return ConversationOut.of(conversations.overview(caller(), conversation))

    return api
