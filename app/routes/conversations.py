"""/conversations"""

from typing import Any

from apiflask import APIBlueprint

from app.domain.conversations import ConversationFilter
from app.routes.authentication import TOKEN_OR_KEY, Guard, caller, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.chats import ChatOut
from app.routes.schemas.common import MessageOut, PageQuery
from app.routes.schemas.conversations import ConversationOut, ConversationQuery, ConversationWithTurnsOut
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
    @api.output(MessageOut)
    def delete(conversation_id: str) -> Any:
        conversations.delete(caller(), conversation_id)
        return MessageOut(message="The conversation was deleted with all its chats.")

    return api
