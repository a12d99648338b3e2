"""The chats and items of the inbox that files came with."""

from collections.abc import Sequence

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.chats import Chat
from app.domain.ids import is_id
from app.domain.media import item_of_media
from app.domain.rows import Row
from app.repositories.chat_rows import from_row


class MediaRepository:
    """Files are told of by the row of the message that they came with."""

    def __init__(self, database: Database[Row]) -> None:
        self._chats = database["chats"]
        self._inbox = database["inbox"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._chats.create_index([("media.id", ASCENDING)], sparse=True)

    def chat_with(self, media_id: str) -> Chat | None:
        """The chat of the message that a file came with."""
        row = self._chats.find_one({"media.id": media_id})
        return from_row(row) if row else None

    def known(self, media_ids: Sequence[str]) -> set[str]:
        """Those of some files that a chat has, or will have when its message was worked on."""
        found = self._chats.find({"media.id": {"$in": list(media_ids)}}, {"media.id": 1})
        kept = {media["id"] for row in found for media in row["media"]} & set(media_ids)
        items = {item for item in map(item_of_media, media_ids) if is_id(item)}
        waiting = {"_id": {"$in": [ObjectId(item) for item in items]}, "next_at": {"$exists": True}}
        at_work = {str(row["_id"]) for row in self._inbox.find(waiting, {"_id": 1})}
        return kept | {one for one in media_ids if item_of_media(one) in at_work}
