"""/chats/search"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import TOKEN_OR_KEY, Guard, caller
from app.routes.paging import link_to, list_of
from app.routes.schemas.message_search import FoundMessageOut, MessageSearchQuery
from app.services.inbox.message_search import MessageSearch


def message_search_routes(search: MessageSearch, identified: Guard) -> APIBlueprint:
    """Finding messages by their words."""
    api = APIBlueprint("message_search", __name__, url_prefix="/chats", tag="Message search")

    @api.get("/search")
    @api.doc(summary="Search messages by their words, newest first", security=TOKEN_OR_KEY, responses=[403])
    @identified
    @api.input(MessageSearchQuery, location="query")
    @api.output(list_of(FoundMessageOut))
    def find(query_data: MessageSearchQuery) -> Any:
        asked = query_data
        found = search.search(caller(), asked.q, asked.assistant_id, asked.cursor, asked.limit)
        headers = {"Link": link_to(found.next_before)} if found.next_before else {}
        return [FoundMessageOut.of(one) for one in found.messages], 200, headers

    return api
