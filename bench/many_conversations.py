"""Rows as very many chats leave them, as far as an inbox reads them: quicker to make than by writing the chats."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from bson import ObjectId
from pymongo.database import Database

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Channel, conversation_id_of, searched_text
from app.domain.ids import derived_id, new_id
from app.domain.rows import Row
from app.domain.search_words import keys_of
from app.repositories.chat_rows import to_row
from app.repositories.conversation_names import parts_of
from app.repositories.conversation_rows import name_row, new_row

CHATS_EACH = 10
_SECONDS_BETWEEN_CHATS = 3
_AT_ONCE = 200
# Of so many conversations one is with a person, and of these every second one waits; one has the label, or a name.
_WITH_PERSON, _WITH_LABEL, _WITH_NAME = 50, 100, 100
_QUESTION, _ANSWER = "Qual é o prazo de entrega?", "O prazo é de cinco dias úteis."
_EITHER = ("Quanto custa o frete?", "Vocês têm garantia?")
"""Both are asked often, and never in one message."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose the conversations are: an assistant, its owner, a label of it, and who has read all of them."""

    assistant_id: str
    owner_id: str
    label_id: str
    reader_id: str


def fill(database: Database[Row], place: Place, first: int, end: int) -> None:
    """Store the conversations numbered from `first` until before `end`; a higher number is longer ago.

    Each has ten chats; of these the last one is stored, and the words of all.
    """
    began = int(time.time())
    conversations = (_latest(place, began, number) for number in range(first, end))
    while latest := list(islice(conversations, _AT_ONCE)):
        numbered = list(enumerate(latest, first))
        first += len(latest)
        database["chats"].insert_many([to_row(chat) for chat in latest], ordered=False)
        database["message_words"].insert_many(
            [row for number, chat in numbered for row in _words(chat, number)], ordered=False
        )
        database["conversations"].insert_many(
            [_conversation(place, chat, number) for number, chat in numbered], ordered=False
        )
        database["conversation_names"].insert_many([_name(chat) for chat in latest], ordered=False)
        database["read_marks"].insert_many([_mark(place, chat) for chat in latest], ordered=False)


def _latest(place: Place, began: int, number: int) -> Chat:
    channel = Channel(f"+{new_id()}", "Whatsapp")
    seconds = began - _SECONDS_BETWEEN_CHATS * CHATS_EACH * (number + 1)
    return Chat(
        id=f"{seconds:08x}{new_id()[8:]}",
        assistant_id=place.assistant_id,
        owner_id=place.owner_id,
        conversation_id=conversation_id_of(place.assistant_id, channel),
        channel=channel,
        username=_called(number),
        active=True,
        message=_EITHER[number % 2],
        created_at=datetime.fromtimestamp(seconds, UTC),
        response=_ANSWER,
        parts=(_ANSWER,),
        state=ChatState.ANSWERED,
    )


def _called(number: int) -> str:
    """ "Zuleica" are but a few, one of them among the oldest; "Teobaldo" is every hundredth, and "Maria" most."""
    if str(number + 1).rstrip("0") == "1":
        return "Zuleica"
    return "Teobaldo" if number % _WITH_NAME == 0 else "Maria"


def _conversation(place: Place, chat: Chat, number: int) -> Row:
    row: Row = {
        **new_row(chat),
        **name_row(chat.username, chat.channel),
        "_id": ObjectId(chat.conversation_id),
        "latest_chat_id": ObjectId(chat.id),
        "latest_chats": [ObjectId(chat.id)],
        "received": CHATS_EACH,
        "queue": [],
    }
    if number % _WITH_LABEL == 0:
        row["labels"] = [ObjectId(place.label_id)]
    if number % _WITH_PERSON == 0:
        row["active"] = False
        if number % (2 * _WITH_PERSON) == 0:
            row["waiting_since"] = chat.created_at
    return row


def _name(chat: Chat) -> Row:
    text = searched_text(chat.username, chat.channel)
    place = {"_id": ObjectId(chat.conversation_id), "assistant_id": ObjectId(chat.assistant_id)}
    return {**place, "text": text, "parts": parts_of(text)}


def _words(chat: Chat, number: int) -> Iterator[Row]:
    for age in range(CHATS_EACH):
        one = replace(chat, id=f"{int(chat.id[:8], 16) - age:08x}{new_id()[8:]}" if age else chat.id)
        asked = _QUESTION if age else chat.message
        yield {
            "_id": ObjectId(one.id),
            "assistant_id": ObjectId(chat.assistant_id),
            "conversation_id": ObjectId(chat.conversation_id),
            "words": keys_of(asked, chat.response),
        }


def _mark(place: Place, chat: Chat) -> Row:
    return {
        "_id": ObjectId(derived_id("read", chat.conversation_id, place.reader_id)),
        "conversation_id": ObjectId(chat.conversation_id),
        "assistant_id": ObjectId(chat.assistant_id),
        "user_id": ObjectId(place.reader_id),
        "received": CHATS_EACH,
        "changed": chat.created_at,
    }
