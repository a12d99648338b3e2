"""/chats, as a gateway uses them: customers' messages, and those of people who answer instead."""

from collections.abc import Iterator
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request, url_for

from app.domain.users import User
from app.routes.authentication import (
    TOKEN_OR_KEY,
    caller,
    calling_assistant,
    signed_in_or_with_api_key,
    with_api_key,
)
from app.routes.errors import Translate
from app.routes.event_stream import EVENT_STREAM, event_stream
from app.routes.schemas.chats import ChatOut
from app.routes.schemas.messages import HumanMessageIn, HumanMessageQuery, IdempotencyHeaders, IncomingMessageIn
from app.services.channels.replies import ChannelReplies
from app.services.human_messages import HumanMessages
from app.services.keys import KeyService
from app.services.messages import MessageService, Reply


def message_routes(
    messages: MessageService,
    human_messages: HumanMessages,
    keys: KeyService,
    replies: ChannelReplies,
    translate: Translate,
) -> APIBlueprint:
    """Answering customers, and recording who else answered them."""
    api = APIBlueprint("messages", __name__, url_prefix="/chats", tag="Messages")

    @api.post("/enviarMensagemLLM")
    @api.doc(
        summary="Answer a customer's message",
        description='With `Accept: text/event-stream` the answer comes as events: `chunk` (`{"text"}`) as the '
        "model writes, then `done` with the chat, or `error` with the body of an error. The chat's response counts "
        "where chunks say more or something else: after a hand-over, and with `cut`.",
        security="api_key",
        responses=[403, 409, 502, 503, 504],
    )
    @with_api_key(keys)
    @api.input(IncomingMessageIn)
    @api.input(IdempotencyHeaders, location="headers")
    @api.output(ChatOut)
    def answer(json_data: IncomingMessageIn, headers_data: IdempotencyHeaders) -> Any:
        message = json_data.to_message(headers_data.idempotency_key)
        if _wants_stream():
            return _streamed(messages.stream(calling_assistant(), message), translate)
        reply = messages.answer(calling_assistant(), message)
        return _shown(reply), 200, _headers(reply)

    @api.post("/mensagemHumana")
    @api.doc(
        summary="Record what a person wrote to a customer, and keep the assistant silent",
        security=TOKEN_OR_KEY,
        responses=[403, 404, 409],
    )
    @signed_in_or_with_api_key(keys, key_first=True)
    @api.input(HumanMessageIn)
    @api.input(IdempotencyHeaders, location="headers")
    @api.input(HumanMessageQuery, location="query")
    @api.output(ChatOut, status_code=201)
    def record(json_data: HumanMessageIn, headers_data: IdempotencyHeaders, query_data: HumanMessageQuery) -> Any:
        author = caller()
        name = author.name if isinstance(author, User) else None
        message = json_data.to_message(name, headers_data.idempotency_key)
        assistant = human_messages.assistant_meant(author, message.channel, query_data.assistant_id)
        reply = human_messages.record(author, assistant, message)
        if isinstance(author, User):  # a program has sent it itself
            replies.send(reply.chat)
        location = url_for("chats.get", chat_id=reply.chat.id)
        return _shown(reply), 201, {"Location": location, **_headers(reply)}

    return api


def _wants_stream() -> bool:
    return request.accept_mimetypes.best_match(["application/json", EVENT_STREAM]) == EVENT_STREAM


def _streamed(answer: Reply | Iterator[str | Reply], translate: Translate) -> Response:
    if not isinstance(answer, Reply):
        return event_stream(answer, _shown, {}, translate)
    text = answer.chat.response
    return event_stream(iter([text, answer] if text else [answer]), _shown, _headers(answer), translate)


def _shown(reply: Reply) -> ChatOut:
    return ChatOut.of(reply.chat)


def _headers(reply: Reply) -> dict[str, str]:
    return {"Idempotent-Replayed": "true"} if reply.replayed else {}
