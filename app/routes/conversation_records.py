"""/conversations: everything that is held of a contact, to take along or to delete"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from app.routes.authentication import person, signed_in
from app.routes.schemas.conversations import (
    ChatRecordOut,
    ContactExportOut,
    ContactOut,
    ConversationOut,
    ErasureOut,
)
from app.routes.schemas.inbox import NoteOut
from app.services.conversation_records import ConversationDeletion, ConversationExport
from app.services.conversation_views import ConversationService


def conversation_record_routes(
    conversations: ConversationService, exports: ConversationExport, deletion: ConversationDeletion
) -> APIBlueprint:
    """What the law gives a contact a right to."""
    api = APIBlueprint("conversation_records", __name__, url_prefix="/conversations", tag="Contact records")

    @api.delete("/delete/<conversation_id>")
    @api.doc(summary="Delete everything of a contact in an assistant", security="token", responses=[403, 404])
    @signed_in
    @api.output(ErasureOut)
    def delete(conversation_id: str) -> Any:
        return ErasureOut.of(deletion.delete(person(), conversation_id))

    @api.get("/export/<conversation_id>")
    @api.doc(
        summary="Export everything held of a contact in an assistant",
        security="token",
        responses=[403, 404],
    )
    @signed_in
    @api.output(ContactExportOut)
    def export(conversation_id: str) -> Any:
        held = exports.export(person(), conversation_id)
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
