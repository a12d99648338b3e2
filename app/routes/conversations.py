"""/conversations"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from app.domain.conversations import ConversationFilter
from app.domain.errors import InvalidError
from app.routes.authentication import TOKEN_OR_KEY, Guard, caller, person, signed_in
from app.routes.paging import link_to, list_of, page
from app.routes.schemas.chats import ChatOut
from app.routes.schemas.common import MessageOut, PageQuery
from app.routes.schemas.conversations import (
    ChatRecordOut,
    ContactExportOut,
    ContactOut,
    ConversationOut,
    ConversationQuery,
    ConversationWithTurnsOut,
    ErasureOut,
    ReadQuery,
)
from app.routes.schemas.inbox import NoteOut
from app.services.conversation_records import ConversationRecords
from app.services.conversation_views import ConversationService
from app.services.inbox.labels import LabelService


def conversation_routes(
    conversations: ConversationService, records: ConversationRecords, labels: LabelService, identified: Guard
) -> APIBlueprint:
    """Conversations for an operator."""
    api = APIBlueprint("conversations", __name__, url_prefix="/conversations", tag="Conversations")

    @api.get("/list")
    @api.doc(summary="List conversations, newest activity first", security=TOKEN_OR_KEY, responses=[403])
    @identified
    @api.input(ConversationQuery, location="query")
    @api.output(list_of(ConversationOut))
    def list_all(query_data: ConversationQuery) -> Any:
        found = conversations.page(caller(), _filter(query_data), query_data.cursor, query_data.limit)
        headers = {"Link": link_to(found.next_before)} if found.next_before else {}
        return [ConversationOut.of(one) for one in found.overviews], 200, headers

    def _filter(query: ConversationQuery) -> ConversationFilter:
        assistant_id = query.assistant_id
        if query.label_id is not None:
            assistant_id = labels.assistant_of(caller(), query.label_id)
            if query.assistant_id not in {None, assistant_id}:
                problem = ["Is a label of another assistant."]
                raise InvalidError("The filters do not fit each other.", {"label_id": problem})
        return ConversationFilter(
            assistant_id=assistant_id,
            active=query.active,
            text=query.q,
            answering=query.answering,
            label_id=query.label_id,
            unread_by=caller().id if query.unread else None,
        )

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
        overview = conversations.overview(caller(), conversation)
        return ConversationWithTurnsOut.with_turns(overview, turns), status, headers

    @api.post("/read/<conversation_id>")
    @api.doc(summary="Say that you have read a conversation", security="token", responses=[403, 404])
    @signed_in
    @api.input(ReadQuery, location="query")
    @api.output(MessageOut)
    def mark_read(conversation_id: str, query_data: ReadQuery) -> Any:
        conversations.mark_read(person(), conversation_id, query_data.chat_id)
        return MessageOut(message="The conversation counts as read.")

    @api.delete("/delete/<conversation_id>")
    @api.doc(summary="Delete everything of a contact in an assistant", security="token", responses=[403, 404])
    @signed_in
    @api.output(ErasureOut)
    def delete(conversation_id: str) -> Any:
        return ErasureOut.of(records.delete(person(), conversation_id))

    @api.get("/export/<conversation_id>")
    @api.doc(
        summary="Export everything held of a contact in an assistant",
        security="token",
        responses=[403, 404],
    )
    @signed_in
    @api.output(ContactExportOut)
    def export(conversation_id: str) -> Any:
        held = records.export(person(), conversation_id)
        headers = {"Content-Disposition": f"attachment; filename=conversation-{held.conversation.id}.json"}
        head = ContactExportOut(
            exported_at=datetime.now(UTC),
            conversation=ConversationOut.of(conversations.overview(person(), held.conversation)),
            contacts=[ContactOut.of(one) for one in held.contacts],
            notes=[NoteOut.of(one) for one in held.notes],
            chats=[],
        )
        parts = _exported(head, map(ChatRecordOut.of, held.chats))
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
