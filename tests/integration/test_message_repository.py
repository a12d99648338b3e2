"""The collection `chats` as messages go through it: every write says whether its condition still held."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bson import ObjectId

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation, Source, Tokens
from app.domain.ids import first_id_at, new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World

EPOCH = 0


def waiting(world: World, conversation: Conversation | None = None, **values: Any) -> Chat:
    """A stored message that is being answered."""
    values = {"state": ChatState.ANSWERING, "until": world.now() + timedelta(seconds=30), **values}
    return world.chat(conversation or world.conversation(), **values)


def with_answer(chat: Chat) -> Chat:
    return replace(
        chat,
        response="Três dias.",
        tokens=Tokens(10, 5, estimated=True),
        sources=(Source("0" * 24, "a.md", 0.5),),
        model="fake",
        degraded=True,
        handover_reason="Reclamação",
    )


def ended(chat: Chat, state: ChatState, **values: Any) -> Chat:
    return replace(chat, state=state, until=None, **values)


def test_one_of_sixteen_deliveries_is_stored(world: World, rows: Repositories) -> None:
    conversation, key = world.conversation(), new_id()
    chats = [replace(waiting(world, conversation), id=new_id(), keys=(key,)) for _ in range(16)]

    with ThreadPoolExecutor(16) as threads:
        stored = list(threads.map(rows.messages.add, chats))

    assert stored.count(True) == 1
    assert rows.messages.with_key([key]) == chats[stored.index(True)]


def test_each_of_two_keys_is_taken(world: World, rows: Repositories) -> None:
    first = waiting(world, keys=(new_id(), new_id()))

    for key in first.keys:
        assert not rows.messages.add(replace(first, id=new_id(), keys=(new_id(), key)))
        assert rows.messages.with_key([new_id(), key]) == first
    assert rows.messages.with_key([new_id()]) is None
    assert rows.messages.with_key([]) is None


def test_keys_can_be_forgotten(world: World, rows: Repositories) -> None:
    first = waiting(world, keys=(new_id(),), fingerprint=new_id())

    rows.messages.forget_keys(first.id)

    assert rows.chats.by_id(first.id) == replace(first, keys=(), fingerprint=None)
    assert rows.messages.add(replace(first, id=new_id()))


def test_a_message_is_taken_away_as_it_was_read_or_not(world: World, rows: Repositories) -> None:
    for changed in (ended(waiting(world), ChatState.FAILED), waiting(world, until=world.now())):
        as_read = replace(changed, state=ChatState.ANSWERING, until=world.now() + timedelta(seconds=9))
        assert not rows.messages.remove(as_read)
        assert rows.chats.by_id(changed.id) is not None

    chat = waiting(world)
    assert rows.messages.remove(chat)
    assert not rows.messages.remove(chat)
    assert rows.chats.by_id(chat.id) is None


def test_what_gathers_begins_or_is_merged_but_not_both(world: World, rows: Repositories) -> None:
    until = world.now() + timedelta(seconds=9)
    begins, merges = (waiting(world, state=ChatState.GATHERING) for _ in range(2))

    assert rows.messages.begin(begins.id, until)
    assert not rows.messages.merge(begins.id, merges.id)
    assert rows.chats.by_id(begins.id) == replace(begins, state=ChatState.ANSWERING, until=until)

    assert rows.messages.merge(merges.id, begins.id)
    assert not rows.messages.begin(merges.id, until)
    assert not rows.messages.merge(merges.id, new_id())
    merged = replace(merges, state=ChatState.MERGED, merged_into=begins.id)
    assert rows.chats.by_id(merges.id) == merged


def test_a_message_inherits_what_was_merged_into_another(world: World, rows: Repositories) -> None:
    conversation, other = world.conversation(), world.conversation()
    old, new = new_id(), new_id()
    mine, elsewhere = (waiting(world, one, state=ChatState.GATHERING) for one in (conversation, other))
    for chat in (mine, elsewhere):
        rows.messages.merge(chat.id, old)

    rows.messages.inherit(conversation.id, old, new)

    found = [rows.chats.by_id(chat.id) for chat in (mine, elsewhere)]
    assert [chat.merged_into for chat in found if chat] == [new, old]


def test_an_answer_is_put_on_its_chat(world: World, rows: Repositories) -> None:
    chat = with_answer(replace(waiting(world, username=None), username="Maria"))

    assert rows.messages.answer(chat, EPOCH)
    assert rows.chats.by_id(chat.id) == ended(chat, ChatState.ANSWERED)


def test_no_answer_is_put_on_a_chat_that_was_switched_meanwhile(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chat = waiting(world, conversation)

    for active, epoch in ((False, 1), (True, 2)):
        rows.chats.mark(replace(conversation, active=active, epoch=epoch))
        assert not rows.messages.answer(with_answer(chat), EPOCH)
        assert rows.chats.by_id(chat.id) == replace(chat, active=active, epoch=epoch)
    assert rows.messages.answer(with_answer(chat), 2)


def test_no_answer_is_put_on_a_chat_that_is_gone(world: World, rows: Repositories) -> None:
    chat = waiting(world)
    assert rows.messages.remove(chat)

    assert not rows.messages.answer(with_answer(chat), EPOCH)
    assert not rows.messages.discard_answer(with_answer(chat))
    rows.messages.fail(chat, "model_failed")
    rows.messages.leave_to_person(chat, 1)
    assert rows.chats.by_id(chat.id) is None


def test_a_chat_left_to_a_person_is_inactive_unless_it_was_switched_since(world: World, rows: Repositories) -> None:
    conversation = world.conversation(active=False, epoch=1)
    left, given_back = (waiting(world, conversation, active=True) for _ in range(2))

    rows.messages.leave_to_person(left, 1)
    assert rows.chats.by_id(left.id) == ended(left, ChatState.LEFT, active=False, epoch=1)

    rows.chats.mark(replace(conversation, active=True, epoch=2))
    rows.messages.leave_to_person(given_back, 1)
    for chat in (left, given_back):
        assert rows.chats.by_id(chat.id) == ended(chat, ChatState.LEFT, active=True, epoch=2)


def test_a_discarded_answer_is_kept_and_not_shown(world: World, rows: Repositories) -> None:
    chat = with_answer(waiting(world))

    assert rows.messages.discard_answer(chat)

    assert rows.chats.by_id(chat.id) == ended(chat, ChatState.LEFT, response="")
    row = world.database["chats"].find_one({"_id": ObjectId(chat.id)}) or {}
    assert row["discarded_response"] == "Três dias."


def test_a_failure_says_why_and_keeps_the_keys(world: World, rows: Repositories) -> None:
    chat = waiting(world, keys=(new_id(),), fingerprint=new_id())

    rows.messages.fail(chat, "model_timeout")

    assert rows.messages.with_key(chat.keys) == ended(chat, ChatState.FAILED, error="model_timeout")


def test_what_a_dead_process_worked_on_is_released(world: World, rows: Repositories) -> None:
    working = [
        waiting(world, state=state, active=active)
        for state in (ChatState.GATHERING, ChatState.ANSWERING)
        for active in (True, False)
    ]
    done = [world.chat(world.conversation(), state=ChatState(state)) for state in ("answered", "left", "merged")]
    since = world.now() - timedelta(minutes=1)
    long_ago = waiting(world, id=first_id_at(since - timedelta(seconds=1))[:8] + new_id()[8:])

    rows.messages.release_interrupted(since, "interrupted")

    for chat in working:
        assert rows.chats.by_id(chat.id) == ended(chat, ChatState.FAILED, error="interrupted")
    for chat in (*done, long_ago):
        assert rows.chats.by_id(chat.id) == chat
