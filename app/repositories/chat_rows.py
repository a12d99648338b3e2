"""Chats as rows of the collection `chats`."""

from dataclasses import asdict
from datetime import timedelta

from bson import ObjectId

from app.domain.channels import DeliveryState
from app.domain.chats import Chat, ChatState, Delivery
from app.domain.conversations import Source, Tokens
from app.domain.overviews import Author, LastMessage
from app.domain.rows import Row
from app.repositories.media_rows import media_of, media_rows
from app.repositories.shared_rows import channel_of, channel_row

# Of a row's shape. The embedded database goes through all rows by it: see `Dialect.everything`.
_VERSION = 1


def to_row(chat: Chat) -> Row:
    """The row of a chat.

    Keys are in it only where there are any: their index is small, and unique.
    """
    row: Row = {
        "_id": ObjectId(chat.id),
        "assistant_id": ObjectId(chat.assistant_id),
        "owner_id": ObjectId(chat.owner_id),
        "conversation_id": ObjectId(chat.conversation_id),
        "channel": channel_row(chat.channel),
        "username": chat.username,
        "message": chat.message,
        "createdAt": chat.created_at,
        "state": chat.state,
        "epoch": chat.epoch,
        "v": _VERSION,
        **answer_row(chat),
    }
    if chat.until is not None:
        row["until"] = chat.until
    if chat.by_person:
        row |= {"by_person": True, "changed": chat.created_at}
    if chat.channel_id:
        row["channel_id"] = ObjectId(chat.channel_id)
    if chat.reply_to:
        row["reply_to"] = chat.reply_to
    if chat.window_closes_at:
        row["window_closes_at"] = chat.window_closes_at
    if chat.media:
        row["media"] = media_rows(chat.media)
    if chat.announce:
        row["announce"] = True
    if chat.keys:
        row |= {"keys": [ObjectId(key) for key in chat.keys], "fingerprint": chat.fingerprint}
    return row


def answer_row(chat: Chat) -> Row:
    """What an answer adds to a chat."""
    return {
        "response": chat.response,
        "parts": list(chat.parts),
        "tokens": tokens_row(chat.tokens),
        "sources": [asdict(source) for source in chat.sources],
        "model": chat.model,
        "degraded": chat.degraded,
        "cut": chat.cut,
        "handover_reason": chat.handover_reason,
    }


def tokens_row(tokens: Tokens) -> Row:
    """Tokens as part of a row."""
    row: Row = {"in": tokens.input, "out": tokens.output, "estimated": tokens.estimated}
    return row | {"cached": tokens.cached} if tokens.cached else row


def tokens_of(row: Row) -> Tokens:
    """The tokens of a chat's row, which a part of one may lack."""
    tokens = row.get("tokens")
    if not tokens:
        return Tokens()
    return Tokens(tokens["in"], tokens["out"], tokens["estimated"], tokens.get("cached", 0))


def from_row(row: Row) -> Chat:
    """The chat of a row, or of a part of one; whether its conversation is active is not in it."""
    merged_into = row.get("merged_into")
    return Chat(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        owner_id=str(row["owner_id"]),
        conversation_id=str(row["conversation_id"]),
        channel=channel_of(row),
        username=row["username"],
        active=True,
        message=row["message"],
        created_at=row["createdAt"],
        response=row["response"],
        parts=tuple(row.get("parts", ())),
        tokens=tokens_of(row),
        sources=tuple(Source(**source) for source in row.get("sources", ())),
        model=row.get("model"),
        degraded=row.get("degraded", False),
        cut=row.get("cut", False),
        handover_reason=row.get("handover_reason"),
        merged_into=str(merged_into) if merged_into else None,
        by_person=row.get("by_person", False),
        state=ChatState(row["state"]),
        until=row.get("until"),
        error=row.get("error"),
        epoch=row["epoch"],
        keys=tuple(str(key) for key in row.get("keys", ())),
        fingerprint=row.get("fingerprint"),
        discarded_response=row.get("discarded_response"),
        announce=row.get("announce", False),
        answer_epoch=row.get("answer_epoch"),
        channel_id=str(row["channel_id"]) if "channel_id" in row else None,
        reply_to=row.get("reply_to"),
        window_closes_at=row.get("window_closes_at"),
        delivery=_delivery_of(row),
        media=media_of(row.get("media", ())),
        unanswered="unanswered" in row,
        changed_at=row.get("changed"),
    )


LAST_MESSAGE = dict.fromkeys(
    (
        "message",
        "response",
        "by_person",
        "createdAt",
        "took_ms",
    ),
    1,
)
"""What of a row says what was said last."""


def last_message_of(row: Row) -> LastMessage:
    """What was said last, by the row of a conversation's latest chat, or by the part `LAST_MESSAGE` of it."""
    text, by, at = row["message"], Author.CUSTOMER, row["createdAt"]
    if row["response"]:
        text = row["response"]
        by = Author.PERSON if row.get("by_person") else Author.ASSISTANT
        at += timedelta(milliseconds=row.get("took_ms", 0))
    return LastMessage(str(row["_id"]), text, by, at, row.get("changed") or row["createdAt"])


def _delivery_of(row: Row) -> Delivery | None:
    told = row.get("delivery")
    return Delivery(DeliveryState(told["state"]), told["at"], told["error"]) if told else None
