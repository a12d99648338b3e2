"""The collection `chats` as a message goes through it: stored once, answered or left."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.channels import DeliveryState
from app.domain.chats import WORKED_ON, Chat, ChatState
from app.domain.media import Media
from app.domain.rows import Row
from app.repositories.chat_rows import answer_row, from_row, to_row
from app.repositories.conversation_rows import touched
from app.repositories.dialect import Dialect
from app.repositories.media_rows import media_rows
from app.repositories.mongo import confirmed_later, repeated
from app.repositories.usage_intervals import UsageIntervals

# A message is under way for the longest time that the settings allow for gathering and answering, at most.
_LONGEST_LEASE = timedelta(minutes=15)
_MILLISECOND = timedelta(milliseconds=1)
_MOST_ANNOUNCED = 1000


class MessageRepository:
    """Each method is one write whose condition says what must still hold; False means that it did not."""

    def __init__(self, database: Database[Row], dialect: Dialect, intervals: UsageIntervals) -> None:
        self._rows = database["chats"]
        self._intervals = intervals
        self._new_rows = confirmed_later(self._rows)  # nobody is told of a message before it has ended
        self._dialect = dialect

    def add(self, chat: Chat) -> bool:
        """Store a message, before anybody tries to answer it; False if one of its keys is taken."""
        try:
            self._new_rows.insert_one(to_row(chat))
        except DuplicateKeyError:
            return False
        return True

    def by_id(self, chat_id: str) -> Chat | None:
        """The chat with this id."""
        row = self._rows.find_one({"_id": ObjectId(chat_id)})
        return from_row(row) if row else None

    def by_ids(self, chat_ids: Collection[str]) -> list[Chat]:
        """The chats with these ids."""
        return [from_row(row) for row in self._rows.find({"_id": {"$in": [ObjectId(one) for one in chat_ids]}})]

    def with_key(self, assistant_id: str, keys: Collection[str]) -> Chat | None:
        """The chat of an assistant that was stored under one of these keys."""
        wanted = {"assistant_id": ObjectId(assistant_id), "keys": {"$in": [ObjectId(key) for key in keys]}}
        row = self._rows.find_one(wanted)
        return from_row(row) if row else None

    def forget_keys(self, chat_id: str) -> None:
        """Make the keys of a chat free for another."""
        self._rows.update_one({"_id": ObjectId(chat_id)}, {"$unset": {"keys": "", "fingerprint": ""}})

    def remove(self, chat: Chat) -> bool:
        """Take a chat away, if nobody changed its state since it was read."""
        same = {"_id": ObjectId(chat.id), "state": chat.state, "until": chat.until}
        return self._rows.delete_one(same).deleted_count == 1

    def begin(self, chat_id: str) -> bool:
        """Go from gathering to answering; False if it was merged meanwhile."""
        return self._leave_gathering(chat_id, {"$set": {"state": ChatState.ANSWERING}})

    def merge(self, chat_id: str, into: str) -> bool:
        """Let the answer of the chat `into` stand for a chat that is still gathering, too."""
        values = {"state": ChatState.MERGED, "merged_into": ObjectId(into), **touched()}
        with self._intervals.current() as interval:
            change = {"$set": {**values, "interval": interval}, "$unset": {"until": ""}}
            return self._leave_gathering(chat_id, change)

    def inherit(self, conversation_id: str, old_chat_id: str, new_chat_id: str) -> None:
        """What was merged into one chat of a conversation is merged into another from now on."""
        merged = {"conversation_id": ObjectId(conversation_id), "merged_into": ObjectId(old_chat_id)}
        repeated(lambda: self._rows.update_many(merged, {"$set": {"merged_into": ObjectId(new_chat_id)}}))

    def answer(self, chat: Chat, epoch: int, now: datetime) -> bool:
        """Put the answer on a chat; False, and nothing is put, if that is not this message's to do any more.

        It is while the message is being answered, its time is not over, and no switch of the conversation after
        `epoch` has met it.
        """
        own = {"state": ChatState.ANSWERING, "until": {"$gt": now}, "epoch": {"$lte": epoch}}
        values = {
            "state": ChatState.ANSWERED,
            "until": None,
            "username": chat.username,
            **answer_row(chat),
            **(touched() if chat.changed_at is None else {"changed": chat.changed_at}),
        }
        values["answer_epoch"] = epoch
        values["took_ms"] = (now - chat.created_at) // _MILLISECOND
        if chat.handover_reason is not None:
            values["handing_over"] = True
        if chat.unanswered:
            values |= {"unanswered": True, "ungrouped": True}
        with self._intervals.current() as interval:
            return self._dialect.update_if(self._rows, ObjectId(chat.id), own, {**values, "interval": interval})

    def handing_over(self) -> list[Chat]:
        """The chats whose answer handed the conversation over, where that may not be done yet."""
        return [from_row(row) for row in self._rows.find({"handing_over": True})]

    def handed_over(self, chat_id: str) -> None:
        """The conversation of this chat was handed over."""
        self._rows.update_one({"_id": ObjectId(chat_id)}, {"$unset": {"handing_over": ""}})

    def to_announce(self) -> list[Chat]:
        """At most 1,000 chats, under way or ended, whose end webhooks are still to be told of."""
        return [from_row(row) for row in self._rows.find({"announce": True}).limit(_MOST_ANNOUNCED)]

    def announced(self, chat_ids: Collection[str]) -> None:
        """Webhooks are told of the ends of these chats, or will be."""
        told = {"_id": {"$in": [ObjectId(one) for one in chat_ids]}}
        repeated(lambda: self._rows.update_many(told, {"$unset": {"announce": ""}}))

    def recorded(self, chat_id: str) -> None:
        """What a person wrote is on record, and the assistant silent."""
        self._rows.update_one({"_id": ObjectId(chat_id)}, {"$set": {"state": ChatState.ANSWERED}})

    def delivery(
        self, chat_id: str, channel_id: str, state: DeliveryState, at: datetime | None, error: str | None
    ) -> None:
        """How far the answer on a chat has come on its way to the contact; confirmed by what is written next."""
        values = {
            "channel_id": ObjectId(channel_id),
            "delivery": {"state": state, "at": at, "error": error},
            **touched(),
        }
        self._new_rows.update_one({"_id": ObjectId(chat_id)}, {"$set": values})

    def attached(self, assistant_id: str, keys: Collection[str], files: Sequence[Media]) -> None:
        """Files that came with what is on record already."""
        wanted = {"assistant_id": ObjectId(assistant_id), "keys": {"$in": [ObjectId(key) for key in keys]}}
        self._rows.update_one(wanted, {"$set": {"media": media_rows(files), **touched()}})

    def edited(self, assistant_id: str, keys: Collection[str], text: str) -> None:
        """A contact has edited what was answered already."""
        wanted = {"assistant_id": ObjectId(assistant_id), "keys": {"$in": [ObjectId(key) for key in keys]}}
        self._rows.update_one(wanted, {"$set": {"message": text, **touched()}})

    def taken_back(self, assistant_id: str, keys: Collection[str], text: str) -> None:
        """A contact has taken back what was answered already, its files too."""
        wanted = {"assistant_id": ObjectId(assistant_id), "keys": {"$in": [ObjectId(key) for key in keys]}}
        self._rows.update_one(wanted, {"$set": {"message": text, **touched()}, "$unset": {"media": ""}})

    def void(self, chat_ids: Collection[str], epoch: int) -> None:
        """A switch to this epoch met these messages: answers begun before are void."""
        ids = [ObjectId(one) for one in chat_ids]
        met = {"_id": {"$in": ids}, "state": {"$in": sorted(WORKED_ON)}, "epoch": {"$lt": epoch}}
        repeated(lambda: self._rows.update_many(met, {"$set": {"epoch": epoch}}))

    def leave_to_person(self, chat: Chat) -> None:
        """A person answers."""
        self._end(chat, ChatState.LEFT, {})

    def discard_answer(self, chat: Chat, state: ChatState, error: str | None = None) -> None:
        """Keep an answer nobody gets for the record, with its tokens; a message that had ended stays so."""
        kept = answer_row(chat)
        kept["discarded_response"] = kept.pop("response")
        del kept["parts"], kept["handover_reason"]
        with self._intervals.current() as interval:
            kept["discard_interval"] = interval
            if not self._end(chat, state, {**kept, **({"error": error} if error else {})}):
                unkept = {"_id": ObjectId(chat.id), "discard_interval": None}
                self._rows.update_one(unkept, {"$set": kept})

    def fail(self, chat: Chat, error: str) -> bool:
        """Nothing could answer it; False if it has come to another end before, which it keeps."""
        return self._end(chat, ChatState.FAILED, {"error": error})

    def release_interrupted(self, error: str) -> None:
        """Nobody works on any message any more: their processes are dead."""
        everything = self._dialect.everything
        newest = self._dialect.newest(
            self._rows, everything, key="_id", since=None, before=None, limit=1, projection={"_id": 1}
        )
        latest = next(newest, None)
        if latest is None:
            return
        first = ObjectId.from_datetime(latest["_id"].generation_time - _LONGEST_LEASE)
        lately = self._rows.find({**everything, "_id": {"$gte": first}}, {"state": 1})
        under_way = {"_id": {"$in": [row["_id"] for row in lately if row["state"] in WORKED_ON]}}
        with self._intervals.current() as interval:
            values = {"state": ChatState.FAILED, "error": error, "interval": interval, **touched()}
            repeated(lambda: self._rows.update_many(under_way, {"$set": values, "$unset": {"until": ""}}))

    def _leave_gathering(self, chat_id: str, change: Row) -> bool:
        gathering = {"_id": ObjectId(chat_id), "state": ChatState.GATHERING}
        return self._rows.update_one(gathering, change).matched_count == 1

    def _end(self, chat: Chat, state: ChatState, values: Row) -> bool:
        """End a message that has not come to another end before; False if it has."""
        unended = {"_id": ObjectId(chat.id), "state": {"$in": sorted(WORKED_ON)}}
        with self._intervals.current() as interval:
            ended = {"state": state, "username": chat.username, "interval": interval, **values, **touched()}
            return self._rows.update_one(unended, {"$set": ended, "$unset": {"until": ""}}).matched_count == 1
