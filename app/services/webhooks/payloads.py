"""What events tell: the same as the API's own answers do."""

from datetime import UTC, datetime
from typing import Any

from app.domain.chats import Chat, ChatState, Delivery
from app.domain.conversations import Channel, Conversation
from app.domain.documents import Document
from app.domain.ids import made_at
from app.domain.media import Media


def shown_chat(chat: Chat) -> dict[str, Any]:
    """As `GET /chats/get/<id>` shows it, without what is for those who look again (`changed_at`)."""
    tokens = chat.tokens
    return {
        "_id": chat.id,
        "conversation_id": chat.conversation_id,
        "state": chat.state,
        "channel": _channel(chat.channel),
        "tokens": {"in": tokens.input, "out": tokens.output, "estimated": tokens.estimated},
        "username": chat.username,
        "assistant_id": chat.assistant_id,
        "active": chat.active,
        "message": chat.message,
        "response": None if chat.state is ChatState.MERGED else chat.response,
        "parts": list(chat.parts),
        "sources": [
            {"document_id": one.document_id, "filename": one.filename, "score": one.score} for one in chat.sources
        ],
        "model": chat.model,
        "degraded": chat.degraded,
        "cut": chat.cut,
        "handover": chat.handover_reason is not None,
        "handover_reason": chat.handover_reason,
        "merged_into": chat.merged_into,
        "by_person": chat.by_person,
        "channel_id": chat.channel_id,
        "window_closes_at": _iso(chat.window_closes_at),
        "delivery": _delivery(chat.delivery),
        "media": [_media(one) for one in chat.media],
        "createdAt": _iso(chat.created_at),
    }


def _delivery(delivery: Delivery | None) -> dict[str, Any] | None:
    if delivery is None:
        return None
    return {"state": delivery.state, "at": _iso(delivery.at), "error": delivery.error}


def _media(media: Media) -> dict[str, Any]:
    return {
        "id": media.id,
        "kind": media.kind,
        "type": media.content_type,
        "name": media.filename,
        "bytes": media.size,
        "transcript": media.transcript,
        "url": media.url,
        "error": media.error,
    }


def shown_conversation(conversation: Conversation) -> dict[str, Any]:
    """As `GET /conversations/list` shows it, without what belongs to its last message or to who looks."""
    return {
        "_id": conversation.id,
        "assistant_id": conversation.assistant_id,
        "channel": _channel(conversation.channel),
        "username": conversation.username,
        "active": conversation.active,
        "answering": conversation.answering,
        "waiting_since": None if conversation.active else _iso(conversation.waiting_since),
        "labels": list(conversation.labels),
        "channel_id": conversation.reply_to.channel_id if conversation.reply_to else None,
        "window_closes_at": _iso(conversation.window_closes_at),
        "handover_reason": conversation.handover_reason,
        "person_at": _iso(conversation.person_at),
        "reactivated_at": _iso(conversation.reactivated_at),
        "last_activity_at": _iso(made_at(conversation.latest_chat_id)),
        "createdAt": _iso(conversation.created_at),
    }


def shown_document(document: Document) -> dict[str, Any]:
    """As `GET /documents/get/<id>` shows it."""
    origin, visibility = document.origin, document.visibility
    return {
        "_id": document.id,
        "id": document.id,
        "filepath": document.filepath,
        "filename": document.filename,
        "type": document.type,
        "assistant_id": document.assistant_id,
        "status": document.status,
        "stage": document.stage,
        "progress": document.progress,
        "error": document.error,
        "warning": document.warning,
        "chunks": document.chunks,
        "size": document.size,
        "enabled": visibility.enabled,
        "valid_from": _iso(visibility.valid_from),
        "valid_until": _iso(visibility.valid_until),
        "url": origin.url if origin else None,
        "refresh_hours": origin.refresh_hours if origin else None,
        "refresh_at": _iso(document.refresh_at),
        "refresh_error": document.refresh_error,
        "createdAt": _iso(document.created_at),
        "updatedAt": _iso(document.updated_at),
    }


def _channel(channel: Channel) -> dict[str, str]:
    return {"id": channel.id, "message_service": channel.message_service}


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds") if moment else None
