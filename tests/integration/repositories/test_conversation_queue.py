"""The collection `conversations` as messages go through it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation
from app.domain.ids import made_at, new_id
from app.repositories.conversation_rows import LATEST_CHATS
from app.wiring.repositories import Repositories
from tests.integration.rows import World

ROOM = 21


def waiting(world: World, conversation: Conversation, **values: Any) -> Chat:
    """A stored message that has not joined its queue."""
    until = world.now() + timedelta(minutes=1)
    return world.chat(conversation, **{"state": ChatState.ANSWERING, "until": until, **values})


def now(rows: Repositories, conversation: Conversation) -> Conversation:
    found = rows.conversations.by_id(conversation.id)
    assert found is not None
    return found


def queued(rows: Repositories, conversation: Conversation) -> list[str]:
    return [entry.chat_id for entry in now(rows, conversation).queue]


def test_the_first_message_makes_the_conversation(world: World, rows: Repositories) -> None:
    chat = waiting(world, world.conversation())

    returned = rows.conversation_queue.join(chat, ROOM)

    made = rows.conversations.by_id(chat.conversation_id)
    assert made is not None
    assert returned is not None
    assert abs(returned.created_at - made.created_at) < timedelta(milliseconds=1)
    assert replace(returned, created_at=made.created_at) == made
    assert (made.assistant_id, made.owner_id, made.channel) == (chat.assistant_id, chat.owner_id, chat.channel)
    assert (made.active, made.epoch, made.username, made.latest_chat_id) == (True, 0, "Maria", chat.id)
    assert abs(made.created_at - made_at(chat.id)) < timedelta(milliseconds=1)
    assert [(entry.chat_id, entry.until) for entry in made.queue] == [(chat.id, chat.until)]


@pytest.mark.not_mongomock("Its upserts are not atomic.")
def test_sixteen_first_messages_at_once_make_one_conversation(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chats = [waiting(world, conversation) for _ in range(16)]

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda chat: rows.conversation_queue.join(chat, ROOM), chats))

    joined = queued(rows, conversation)
    assert joined == sorted(joined)
    assert joined[-1] == chats[-1].id
    assert now(rows, conversation).latest_chat_id == chats[-1].id


def test_nothing_joins_behind_a_higher_id(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    first, second = waiting(world, conversation), waiting(world, conversation)

    for chat in (second, first):
        rows.conversation_queue.join(chat, ROOM)

    assert queued(rows, conversation) == [second.id]


def test_nothing_joins_a_full_queue_until_something_leaves(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chats = [waiting(world, conversation) for _ in range(4)]
    for chat in chats[:3]:
        rows.conversation_queue.join(chat, 2)
    assert queued(rows, conversation) == [chats[0].id, chats[1].id]

    rows.conversation_queue.leave(conversation.id, [chats[0].id])
    rows.conversation_queue.join(chats[3], 2)

    assert queued(rows, conversation) == [chats[1].id, chats[3].id]


@pytest.mark.not_mongomock("It has no pipelines in $lookup.")
def test_who_looks_sees_the_latest_chats_oldest_first(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chats = [waiting(world, conversation, message=str(number)) for number in range(4)]
    for chat in chats:
        rows.conversation_queue.join(chat, ROOM)
    waiting(world, world.conversation())
    rows.messages.remove(chats[2])

    seen = rows.conversation_queue.look(conversation.id, 3)

    assert seen is not None
    assert [chat.message for chat in seen[1]] == ["1", "3"]
    assert [entry.chat_id for entry in seen[0].queue] == [chat.id for chat in chats]
    assert rows.conversation_queue.look(new_id(), 3) is None


@pytest.mark.not_mongomock("It has no pipelines in $lookup.")
def test_what_is_seen_of_a_chat_is_what_it_takes_to_answer(world: World, rows: Repositories) -> None:
    chat = waiting(world, world.conversation(), merged_into=None, handover_reason="Desconto", by_person=True)
    rows.conversation_queue.join(chat, ROOM)

    seen = rows.conversation_queue.look(chat.conversation_id, 1)

    assert seen is not None
    assert seen[1] == (replace(chat, keys=(), sources=(), fingerprint=None),)


def test_only_customers_name_the_customer(world: World, rows: Repositories) -> None:
    conversation = world.conversation(username=None)
    for username, by_person in (("Ana", True), (None, False), ("Maria Silva", False), ("Ana", True)):
        world.opened(world.chat(conversation, username=username, by_person=by_person))

    assert now(rows, conversation).username == "Maria Silva"


@pytest.mark.not_mongomock("It has no pipelines in $lookup.")
def test_a_chat_is_appended_once(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    first, second = (world.chat(conversation, by_person=True) for _ in range(2))

    for chat in (first, second, first):
        rows.conversation_queue.append(chat)

    seen = rows.conversation_queue.look(conversation.id, 9)
    assert seen is not None
    assert ([chat.id for chat in seen[1]], seen[0].latest_chat_id) == ([first.id, second.id], second.id)


def test_a_conversation_remembers_a_bounded_number_of_chats(world: World, rows: Repositories) -> None:
    chat = world.chat(world.conversation(), by_person=True)
    ids = [new_id() for _ in range(LATEST_CHATS + 3)]
    for chat_id in ids:
        rows.conversation_queue.append(replace(chat, id=chat_id))

    row = world.database["conversations"].find_one({"_id": ObjectId(chat.conversation_id)}) or {}
    assert [str(one) for one in row["latest_chats"]] == ids[-LATEST_CHATS:]


def test_a_hand_over_happens_once(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chat = waiting(world, conversation, handover_reason="Desconto")
    rows.conversation_queue.join(chat, ROOM)

    at = world.now()
    for _ in range(2):
        rows.conversation_queue.hand_over(chat, at)

    handed_over = now(rows, conversation)
    assert (handed_over.active, handed_over.epoch, handed_over.queue) == (False, 1, ())
    assert (handed_over.handover_reason, handed_over.person_at) == ("Desconto", at)
