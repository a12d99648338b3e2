"""Conversations as rows of the collection `conversations`."""

from datetime import UTC, datetime

from bson import ObjectId

from app.domain.chats import Chat
from app.domain.conversations import Channel, Conversation, QueueEntry, ReplyTo, searched_text
from app.domain.ids import made_at
from app.domain.rows import Row
from app.repositories.shared_rows import channel_of, channel_row

# As many as the longest history a model is shown, and what may be merged into one message.
LATEST_CHATS = 200


def new_row(chat: Chat) -> Row:
    """What a conversation has besides its queue when its first chat makes it."""
    return {
        "assistant_id": ObjectId(chat.assistant_id),
        "owner_id": ObjectId(chat.owner_id),
        "channel": channel_row(chat.channel),
        **name_row(None, chat.channel),
        "active": True,
        "epoch": 0,
        "createdAt": made_at(chat.id),
        "person_at": None,
        "reactivated_at": None,
        "handover_reason": None,
        "history_from": None,
    }


def name_row(username: str | None, channel: Channel) -> Row:
    """The customer's name, and what a search for the conversation looks into."""
    return {"username": username, "folded": searched_text(username, channel)}


def reply_to_row(chat: Chat) -> Row:
    """Where answers go from now on, if the chat came by a channel."""
    if chat.channel_id is None or chat.reply_to is None:
        return {}
    return {"reply_to": {"channel_id": ObjectId(chat.channel_id), "contact": chat.reply_to}}


def window_row(chat: Chat) -> Row:
    """Until when the channel that a chat came by takes answers, by the channel's id."""
    return {chat.channel_id: chat.window_closes_at} if chat.channel_id and chat.window_closes_at else {}


def touched() -> Row:
    """What every change of a row says of itself: when it was made, by which others see that there is one."""
    return {"changed": datetime.now(UTC)}


def switch_row(conversation: Conversation) -> Row:
    """What a switch of a conversation changes besides its epoch."""
    return {
        "active": conversation.active,
        "person_at": conversation.person_at,
        "reactivated_at": conversation.reactivated_at,
        "handover_reason": conversation.handover_reason,
        "history_from": ObjectId(conversation.history_from) if conversation.history_from else None,
    }


def from_row(row: Row) -> Conversation:
    """The conversation of a row."""
    history_from, reply_to = row["history_from"], row.get("reply_to")
    return Conversation(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        owner_id=str(row["owner_id"]),
        channel=channel_of(row),
        username=row["username"],
        active=row["active"],
        epoch=row["epoch"],
        created_at=row["createdAt"],
        latest_chat_id=str(row["latest_chat_id"]),
        person_at=row["person_at"],
        reactivated_at=row["reactivated_at"],
        handover_reason=row["handover_reason"],
        history_from=str(history_from) if history_from else None,
        reply_to=ReplyTo(str(reply_to["channel_id"]), reply_to["contact"]) if reply_to else None,
        windows=row.get("windows") or {},
        waiting_since=row.get("waiting_since"),
        received=row.get("received", 0),
        labels=tuple(str(one) for one in row.get("labels", ())),
        changed_at=row.get("changed"),
        queue=tuple(QueueEntry(str(entry["chat_id"]), entry["until"]) for entry in row.get("queue", ())),
    )
