"""The collection `conversations`, as operators see and switch them."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.conversations import Conversation, ConversationFilter
from app.domain.rows import Row
from app.domain.webhooks import Announcement, EventType
from app.repositories.conversation_rows import from_row, switch_row, touched
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first
from app.repositories.shared_rows import scopes_of

_FIRST_ID = ObjectId(bytes(12))
_MOST_ANNOUNCED = 20
_WAITING: Row = {"waiting_since": {"$gt": datetime.fromtimestamp(0, UTC)}}
_NOT_SHOWN = {"latest_chats": 0, "queue": 0, "announcements": 0}


class ConversationRepository:
    """One row for each (assistant, message service, channel id), whose id is derived from the three."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["conversations"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("owner_id", ASCENDING), ("active", ASCENDING), ("latest_chat_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING), ("active", ASCENDING), ("latest_chat_id", ASCENDING)])
        self._rows.create_index([("active", ASCENDING), ("latest_chat_id", ASCENDING)])
        self._rows.create_index([("channel.id", ASCENDING), ("owner_id", ASCENDING)])
        self._rows.create_index([("announcements._id", ASCENDING)], sparse=True)
        self._rows.create_index([("labels", ASCENDING), ("active", ASCENDING), ("latest_chat_id", ASCENDING)])
        for whose in (("owner_id",), ("assistant_id",), ()):
            keys = [(field, ASCENDING) for field in (*whose, "waiting_since")]
            self._rows.create_index(keys, partialFilterExpression=_WAITING)
        self._rows.create_index([("changed", ASCENDING)], sparse=True)

    def by_id(self, conversation_id: str) -> Conversation | None:
        """The conversation with this id."""
        row = self._rows.find_one({"_id": ObjectId(conversation_id)}, {"latest_chats": 0})
        return from_row(row) if row else None

    def by_ids(self, conversation_ids: Collection[str]) -> dict[str, Conversation]:
        """The conversations with these ids, by id."""
        ids = [ObjectId(one) for one in set(conversation_ids)]
        return {str(row["_id"]): from_row(row) for row in self._rows.find({"_id": {"$in": ids}}, _NOT_SHOWN)}

    def with_channel(self, channel_id: str, wanted: ConversationFilter) -> list[Conversation]:
        """The conversations with this channel id in the assistants that the filter shows."""
        scopes = scopes_of(wanted, self._dialect.assistants_a_stream)
        asked = [{"channel.id": channel_id, **scope} for scope in scopes]
        return [from_row(row) for one in asked for row in self._rows.find(one, _NOT_SHOWN)]

    def page(self, wanted: ConversationFilter, before: str | None, limit: int) -> list[Conversation]:
        """The conversations that fit the filter, newest activity first, with activity before the chat `before`.

        What needs a search is done by `ConversationSearch`.
        """
        return [from_row(row) for row in self.newest_rows(wanted, before, limit, _NOT_SHOWN)]

    def newest_rows(
        self, wanted: ConversationFilter, before: str | None, limit: int, shown: Row, *, since: str | None = None
    ) -> list[Row]:
        """The rows of `page`, or parts of them; with no activity older than the chat `since`."""
        if wanted.label_id is not None:
            scopes: list[Row] = [{"labels": ObjectId(wanted.label_id)}]
        else:
            scopes = scopes_of(wanted, self._dialect.assistants_a_stream)
        states = (True, False) if wanted.state is None else (wanted.state,)
        streams = [{**scope, "active": state} for scope in scopes for state in states]
        return newest_first(
            self._dialect,
            self._rows,
            streams,
            before,
            limit,
            key="latest_chat_id",
            since=since,
            projection=shown,
        )

    def waiting_rows(self, wanted: ConversationFilter, most: int, shown: Row) -> list[Row] | None:
        """Parts of the rows of all conversations that wait for a person, in the assistants that the filter shows.

        None: there are more than `most`.
        """
        found: list[Row] = []
        for scope in scopes_of(wanted, self._dialect.assistants_a_stream):
            found += self._rows.find({**scope, **_WAITING}, shown).limit(most + 1 - len(found))
            if len(found) > most:
                return None
        return found

    def rows_of(self, conversation_ids: Collection[str], shown: Row) -> list[Row]:
        """Parts of the rows with these ids."""
        return list(self._rows.find({"_id": {"$in": [ObjectId(one) for one in conversation_ids]}}, shown))

    def inactive_among(self, conversation_ids: Sequence[str]) -> set[str]:
        """Which of these a person answers."""
        ids = [ObjectId(one) for one in set(conversation_ids)]
        rows = self._rows.find({"_id": {"$in": ids}, "active": False}, {"_id": 1}) if ids else ()
        return {str(row["_id"]) for row in rows}

    def latest_in_state(
        self, state: ConversationFilter, since: str | None, before: str | None, limit: int
    ) -> list[tuple[str, str]]:
        """The ids of at most `limit` conversations of one state, and of their latest chats; latest first.

        Of those whose latest chat is not older than `since`, and older than `before`.
        """
        scopes = scopes_of(state, self._dialect.assistants_a_stream)
        rows = newest_first(
            self._dialect,
            self._rows,
            [{**scope, "active": state.active} for scope in scopes],
            before,
            limit,
            key="latest_chat_id",
            since=since,
            projection={"latest_chat_id": 1},
        )
        return [(str(row["_id"]), str(row["latest_chat_id"])) for row in rows]

    def switch(
        self, changed: Conversation, if_epoch: int, announcement: Announcement | None = None
    ) -> Conversation | None:
        """Store who answers from now on, with what goes with it; the epoch grows by one.

        The announcement is kept until it is made.
        Returns the conversation with the queue it had at that moment, or a longer one; None, and nothing is stored,
        unless it still has the epoch `if_epoch`.
        """
        change: Row = {"$set": {**switch_row(changed), **touched()}, "$inc": {"epoch": 1}}
        if changed.waiting_since is None:
            change["$unset"] = {"waiting_since": ""}
        else:
            change["$set"]["waiting_since"] = changed.waiting_since
        if announcement is not None:
            change["$push"] = {"announcements": {"$each": [_announced(announcement)], "$slice": -_MOST_ANNOUNCED}}
        row = self._dialect.update_and_read(self._rows, ObjectId(changed.id), {"epoch": if_epoch}, change)
        return from_row(row) if row else None

    def to_announce(self) -> list[tuple[Conversation, Sequence[Announcement]]]:
        """At most 1,000 conversations of whose switches webhooks are still to be told."""
        rows = self._rows.find({"announcements._id": {"$gt": _FIRST_ID}}, {"latest_chats": 0}).limit(1000)
        return [(from_row(row), [_announcement_of(one) for one in row["announcements"]]) for row in rows]

    def announced(self, conversation_id: str, announcement_id: str) -> None:
        """Webhooks are told of this switch, or will be."""
        made = {"announcements": {"_id": ObjectId(announcement_id)}}
        self._rows.update_one({"_id": ObjectId(conversation_id)}, {"$pull": made})

    def person_wrote(self, changed: Conversation) -> bool:
        """Remember when a person last wrote; False, and nothing is stored, if the assistant answers by now."""
        inactive = {"_id": ObjectId(changed.id), "active": False}
        change = {"$set": {"person_at": changed.person_at, **touched()}, "$unset": {"waiting_since": ""}}
        return self._rows.update_one(inactive, change).matched_count == 1

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Follow an assistant to its new owner."""
        theirs, change = {"assistant_id": ObjectId(assistant_id)}, {"$set": {"owner_id": ObjectId(owner_id)}}
        repeated(lambda: self._rows.update_many(theirs, change))

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything this assistant ever talked about with whom."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def silent_since(self, assistant_id: str, chat_id: str, limit: int) -> list[Conversation]:
        """At most `limit` conversations of an assistant whose latest chat is older than the id `chat_id`."""
        found: list[Row] = []
        for active in (True, False):
            silent = {
                "assistant_id": ObjectId(assistant_id),
                "active": active,
                "latest_chat_id": {"$lt": ObjectId(chat_id)},
            }
            found += self._rows.find(silent, _NOT_SHOWN).limit(limit - len(found)) if len(found) < limit else ()
        return [from_row(row) for row in found]

    def delete_if_silent_since(self, conversation_id: str, chat_id: str) -> bool:
        """Delete it, unless it has a chat newer than the id `chat_id`; False if nothing was deleted."""
        silent = {"_id": ObjectId(conversation_id), "latest_chat_id": {"$not": {"$gte": ObjectId(chat_id)}}}
        return self._rows.delete_one(silent).deleted_count == 1


def _announced(announcement: Announcement) -> Row:
    return {"_id": ObjectId(announcement.id), "type": announcement.type}


def _announcement_of(row: Row) -> Announcement:
    return Announcement(str(row["_id"]), EventType(row["type"]))
