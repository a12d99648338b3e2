"""/conversations"""

from typing import Any

from apiflask import APIBlueprint

from app.domain.conversations import Conversation, ConversationFilter
from app.domain.errors import InvalidError
from app.routes.authentication import TOKEN_OR_KEY, Guard, caller, person, signed_in
from app.routes.looking_again import LookingAgain
from app.routes.paging import link_to, link_with, list_of
from app.routes.schemas.chats import ChatOut
from app.routes.schemas.common import MessageOut
from app.routes.schemas.conversations import (
    ConversationOut,
    ConversationQuery,
    ConversationWithTurnsOut,
    DeletedConversationOut,
    ListedConversationOut,
    ReadIn,
    TurnQuery,
)
from app.services.conversation_views import ConversationService
from app.services.inbox.changes import Version
from app.services.inbox.labels import LabelService
from app.services.inbox.turns import TurnPage, Turns


def conversation_routes(
    conversations: ConversationService,
    turns: Turns,
    labels: LabelService,
    identified: Guard,
) -> APIBlueprint:
    """Conversations for an operator."""
    api = APIBlueprint("conversations", __name__, url_prefix="/conversations", tag="Conversations")
    looking_again = LookingAgain()

    @api.get("/list")
    @api.doc(summary="List conversations, newest activity first", security=TOKEN_OR_KEY, responses=[403])
    @identified
    @api.input(ConversationQuery, location="query")
    @api.output(list_of(ListedConversationOut))
    def list_all(query_data: ConversationQuery) -> Any:
        if not_modified := looking_again.unchanged(conversations.version):
            return not_modified
        listing = conversations.listing(caller(), _filter(query_data))
        if not_modified := looking_again.remember(conversations.version(listing), listing):
            return not_modified
        if query_data.changed_since is not None:
            changed = conversations.changed(listing, query_data.changed_since, query_data.limit)
            if changed is not None:
                return [
                    *(
                        DeletedConversationOut(underscore_id=one, changed_at=at)
                        for one, at in changed.deleted.items()
                    ),
                    *map(ConversationOut.of, changed.overviews),
                ]
        found = conversations.page(listing, query_data.cursor, query_data.limit)
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
    @api.input(TurnQuery, location="query")
    @api.output(ConversationWithTurnsOut)
    def get(conversation_id: str, query_data: TurnQuery) -> Any:
        def version_of(conversation: Conversation) -> Version:
            return turns.version(conversation, caller().id)

        if not_modified := looking_again.unchanged(version_of):
            return not_modified
        conversation = conversations.get(caller(), conversation_id)
        if not_modified := looking_again.remember(version_of(conversation), conversation):
            return not_modified
        found = _turns(conversation, query_data)
        links = [("next", "cursor", found.older), ("prev", "after", found.newer)]
        link = ", ".join(link_with(rel, name, chat_id) for rel, name, chat_id in links if chat_id)
        overview = conversations.overview(caller(), conversation)
        shown = [ChatOut.of(chat) for chat in found.chats]
        return ConversationWithTurnsOut.with_turns(overview, shown), 200, {"Link": link} if link else {}

    def _turns(conversation: Conversation, query: TurnQuery) -> TurnPage:
        if query.around is not None:
            return turns.around(conversation, query.around, query.limit)
        if query.after is not None:
            return turns.after(conversation, query.after, query.limit)
        if query.changed_since is not None:
            changed = turns.changed(conversation, query.changed_since, query.limit)
            if changed is not None:
                return changed
        return turns.page(conversation, query.cursor, query.limit)

    @api.post("/read/<conversation_id>")
    @api.doc(summary="Say that you have read a conversation", security="token", responses=[403, 404])
    @signed_in
    @api.input(ReadIn)
    @api.output(MessageOut)
    def mark_read(conversation_id: str, json_data: ReadIn) -> Any:
        conversations.mark_read(person(), conversation_id, json_data.chat_id)
        return MessageOut(message="The conversation counts as read.")

    return api
