"""/conversations: private notes, and who looks at the same conversation"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import TOKEN_OR_KEY, Guard, caller, person, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.common import MessageOut, PageQuery
from app.routes.schemas.inbox import NoteIn, NoteOut, NoteQuery, PresenceIn, PresenceOut
from app.services.inbox.notes import NoteService
from app.services.inbox.presence import PresenceService


def note_routes(notes: NoteService, presence: PresenceService, identified: Guard) -> APIBlueprint:
    """What operators tell each other."""
    api = APIBlueprint("notes", __name__, url_prefix="/conversations", tag="Notes")

    @api.get("/notes/<conversation_id>")
    @api.doc(
        summary="List a conversation's private notes, newest first", security=TOKEN_OR_KEY, responses=[403, 404]
    )
    @identified
    @api.input(PageQuery, location="query")
    @api.output(list_of(NoteOut))
    def list_notes(conversation_id: str, query_data: PageQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return notes.page(caller(), conversation_id, before, limit)

        return page(query_data, read, NoteOut.of, lambda note: note.id)

    @api.post("/notes/<conversation_id>")
    @api.doc(summary="Add a private note", security=TOKEN_OR_KEY, responses=[403, 404, 409])
    @identified
    @api.input(NoteIn)
    @api.output(NoteOut, status_code=201)
    def add_note(conversation_id: str, json_data: NoteIn) -> Any:
        return NoteOut.of(notes.add(caller(), conversation_id, json_data.text))

    @api.delete("/notes/<conversation_id>")
    @api.doc(summary="Delete a private note", security="token", responses=[403, 404])
    @signed_in
    @api.input(NoteQuery, location="query")
    @api.output(MessageOut)
    def delete_note(conversation_id: str, query_data: NoteQuery) -> Any:
        notes.delete(person(), conversation_id, query_data.note_id)
        return MessageOut(message="The note was deleted.")

    @api.get("/presence/<conversation_id>")
    @api.doc(summary="Show who else looks at a conversation", security="token", responses=[403, 404])
    @signed_in
    @api.output(list_of(PresenceOut))
    def show_presence(conversation_id: str) -> Any:
        return [PresenceOut.of(one) for one in presence.others(person(), conversation_id)]

    @api.post("/presence/<conversation_id>")
    @api.doc(summary="Say that you look at a conversation", security="token", responses=[403, 404])
    @signed_in
    @api.input(PresenceIn)
    @api.output(list_of(PresenceOut))
    def note_presence(conversation_id: str, json_data: PresenceIn) -> Any:
        typing, gone = json_data.typing, json_data.gone
        found = presence.note(person(), conversation_id, typing=typing, gone=gone)
        return [PresenceOut.of(one) for one in found]

    return api
