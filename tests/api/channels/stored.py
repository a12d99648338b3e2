"""A channel with something in its outbox, stored without any provider."""

from typing import Any

from bson import ObjectId

from app.domain.channels import AssistantChannel, ChannelKind, DeliveryState, MediaKind
from app.domain.ids import new_id
from app.domain.media import Media, media_id
from app.domain.outbox import OutboxPart
from app.repositories.media_rows import media_rows
from app.storage.media import MediaFolder
from tests.api.house import House


def stored_channel(house: House, assistant_id: str) -> dict[str, str]:
    """The ids of a channel of an assistant, and of a part that could not be sent."""
    now, assistant = house.clock(), house.rows.assistants.by_id(assistant_id)
    assert assistant is not None
    channel = AssistantChannel(
        new_id(),
        assistant_id,
        assistant.owner_id,
        ChannelKind.TELEGRAM,
        "Loja",
        new_id(),
        now,
        {},
        {"api_key": "k"},
    )
    assert house.rows.channels.add(channel, None)
    part = OutboxPart(
        id=new_id(),
        channel_id=channel.id,
        assistant_id=assistant_id,
        conversation_id=new_id(),
        chat_id=new_id(),
        number=0,
        recipient="5513988593464",
        text="Dois dias.",
        created_at=now,
        next_at=now,
        state=DeliveryState.FAILED,
    )
    house.rows.outbox.add([part])
    return {"channel": channel.id, "part": part.id}


def stored_media(house: House, chat_id: str, content: bytes = b"\xff\xd8\xff\xe0", **fields: Any) -> Media:
    """A file of a chat that came without any, as if it had come by a channel."""
    chat = house.rows.messages.by_id(chat_id)
    assert chat is not None
    folder = MediaFolder(house.data / "media")
    file_id = media_id(chat_id, 0)
    stored = folder.write(chat.assistant_id, chat.conversation_id, file_id, [content], 10_000)
    media = Media(file_id, MediaKind.IMAGE, stored.content_type, stored.size, **fields)
    house.database["chats"].update_one({"_id": ObjectId(chat_id)}, {"$set": {"media": media_rows([media])}})
    return media
