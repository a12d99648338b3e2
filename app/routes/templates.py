"""Message templates: what may be sent to customers who wrote too long ago for anything else"""

from typing import Any

from apiflask import APIBlueprint
from flask import url_for

from app.routes.authentication import caller, signed_in
from app.routes.paging import list_of
from app.routes.schemas.chats import ChatOut
from app.routes.schemas.templates import TemplateMessageIn, TemplateOut
from app.services.channels.template_messages import TemplateMessages


def template_routes(templates: TemplateMessages) -> APIBlueprint:
    """Templates, for operators."""
    api = APIBlueprint("templates", __name__, tag="Templates")

    @api.get("/channels/templates/<channel_id>")
    @api.doc(summary="List a channel's approved templates", security="token", responses=[403, 404, 409])
    @signed_in
    @api.output(list_of(TemplateOut))
    def list_all(channel_id: str) -> Any:
        return [TemplateOut.of(one) for one in templates.of_channel(caller(), channel_id)]

    @api.post("/conversations/sendTemplate/<conversation_id>")
    @api.doc(
        summary="Send a customer an approved template, and keep the assistant silent",
        security="token",
        responses=[403, 404, 409],
    )
    @signed_in
    @api.input(TemplateMessageIn)
    @api.output(ChatOut, status_code=201)
    def send(conversation_id: str, json_data: TemplateMessageIn) -> Any:
        reply = templates.send(caller(), conversation_id, json_data.wanted())
        headers = {"Location": url_for("chats.get", chat_id=reply.chat.id)}
        if reply.replayed:
            headers["Idempotent-Replayed"] = "true"
        return ChatOut.of(reply.chat), 201, headers

    return api
