"""/chats, as a dashboard uses them."""

from typing import Any

from apiflask import APIBlueprint

from app.domain.chats import ChatFilter
from app.routes.authentication import TOKEN_OR_KEY, Guard, caller, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.chats import ChannelOut, ChatOut, ChatQuery, SwitchOut, SwitchQuery
from app.services.chats import ChatService, Which


def chat_routes(chats: ChatService, identified: Guard) -> APIBlueprint:
    """Watching chats, taking conversations over."""
    api = APIBlueprint("chats", __name__, url_prefix="/chats", tag="Chats")

    @api.get("/get/<chat_id>")
    @api.doc(summary="Show a chat", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.output(ChatOut)
    def get(chat_id: str) -> Any:
        return ChatOut.of(chats.get(caller(), chat_id))

    def list_chats(path: str, summary: str, active: bool | None) -> None:
        @api.get(path, endpoint=path.strip("/"))
        @api.doc(summary=summary, security=TOKEN_OR_KEY, responses=[403])
        @identified
        @api.input(ChatQuery, location="query")
        @api.output(list_of(ChatOut))
        def handler(query_data: ChatQuery) -> Any:
            def read(before: str | None, limit: int) -> Any:
                wanted = ChatFilter(assistant_id=query_data.assistant_id, active=active)
                return chats.page(caller(), wanted, query_data.channel_id, before, limit)

            return page(query_data, read, ChatOut.of, lambda chat: chat.id)

    list_chats("/list", "List chats, newest first", None)
    list_chats("/listarAtivos", "List chats of conversations the assistant answers", True)
    list_chats("/listarInativos", "List chats of conversations a person answers", False)

    def switch(path: str, summary: str, done: str, active: bool) -> None:
        @api.put(f"{path}/<path:chat_or_channel_id>", endpoint=path.strip("/"))
        @api.doc(summary=summary, security="token", responses=[403, 404, 409])
        @signed_in
        @api.input(SwitchQuery, location="query")
        @api.output(SwitchOut)
        def handler(chat_or_channel_id: str, query_data: SwitchQuery) -> Any:
            which = Which(chat_or_channel_id, query_data.assistant_id, query_data.message_service)
            conversation = chats.switch(caller(), which, active=active)
            return SwitchOut(message=done, channel=ChannelOut.of(conversation.channel), active=active)

    switch("/desativar", "Take a conversation over", "A person answers this conversation now.", False)
    switch("/ativar", "Give a conversation back", "The assistant answers this conversation again.", True)

    return api
