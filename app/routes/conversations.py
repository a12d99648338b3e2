"""/conversations"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from app.domain.conversations import ConversationFilter
from app.routes.authentication import TOKEN_OR_KEY, Guard, caller, person, signed_in
from app.routes.paging import link_to, list_of, page
from app.routes.schemas.chats import ChatOut
from app.routes.schemas.common import PageQuery
from app.routes.schemas.conversations import (
    ChatRecordOut,
    ContactExportOut,
    ContactOut,
    ConversationOut,
    ConversationQuery,
    ConversationWithTurnsOut,
    ErasureOut,
)
from app.services.conversation_views import ConversationService


def conversation_routes(conversations: ConversationService, identified: Guard) -> APIBlueprint:
    """Conversations for an operator."""
    api = APIBlueprint("conversations", __name__, url_prefix="/conversations", tag="Conversations")

    @api.get("/list")
    @api.doc(summary="List conversations, newest activity first", security=TOKEN_OR_KEY, responses=[403])
    @identified
    @api.input(ConversationQuery, location="query")
    @api.output(list_of(ConversationOut))
    def list_all(query_data: ConversationQuery) -> Any:
        wanted = ConversationFilter(
            assistant_id=query_data.assistant_id, active=query_data.active, text=query_data.q
        )

        if wanted.text is not None:
            found = conversations.search(caller(), wanted, query_data.cursor, query_data.limit)
            headers = {"Link": link_to(found.next_before)} if found.next_before else {}
            return [ConversationOut.of(one) for one in found.conversations], 200, headers

        def read(before: str | None, limit: int) -> Any:
            return conversations.page(caller(), wanted, before, limit)

        return page(query_data, read, ConversationOut.of, lambda conversation: conversation.latest_chat_id)

    @api.get("/get/<conversation_id>")
    @api.doc(
        summary="Show a conversation with its turns, newest first", security=TOKEN_OR_KEY, responses=[403, 404]
    )
    @identified
    @api.input(PageQuery, location="query")
    @api.output(ConversationWithTurnsOut)
    def get(conversation_id: str, query_data: PageQuery) -> Any:
        conversation = conversations.get(caller(), conversation_id)

        def read(before: str | None, limit: int) -> Any:
            return conversations.turns(conversation, before, limit)

        turns, status, headers = page(query_data, read, ChatOut.of, lambda chat: chat.id)
        return ConversationWithTurnsOut.with_turns(conversation, turns), status, headers

    @api.delete("/delete/<conversation_id>")
    @api.doc(summary="Delete everything of a contact in an assistant", security="token", responses=[403, 404])
    @signed_in
    @api.output(ErasureOut)
    def delete(conversation_id: str) -> Any:
        return ErasureOut.of(conversations.delete(person(), conversation_id))

    @api.get("/export/<conversation_id>")
    @api.doc(
        summary="Export everything held of a contact in an assistant",
        security="token",
        responses=[403, 404],
    )
    @signed_in
    @api.output(ContactExportOut)
    def export(conversation_id: str) -> Any:
        conversation, contacts, chats = conversations.export(person(), conversation_id)
        name = f"conversation-{conversation.id}.json"
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        head = ContactExportOut(
            exported_at=datetime.now(UTC),
            conversation=ConversationOut.of(conversation),
            contacts=[ContactOut.of(one) for one in contacts],
            chats=[],
        )
        parts = _exported(head, map(ChatRecordOut.of, chats))
        return Response(parts, mimetype="application/json", headers=headers)

    return api


def _exported(without_chats: ContactExportOut, chats: Iterator[ChatRecordOut]) -> Iterator[str]:
    """A `ContactExportOut` in parts, as a contact may have written very much."""
    head = without_chats.model_dump(mode="json")
    del head["chats"]
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "chats": ['
    for place, chat in enumerate(chats):
        yield (", " if place else "") + json.dumps(chat.model_dump(mode="json"), ensure_ascii=False)
    yield "]}"
