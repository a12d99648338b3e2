"""The collection `chats` as messages go through it: every write says whether its condition still held."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation, Source, Tokens
from app.domain.ids import made_at, new_id
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
        parts=("Três dias.",),
        tokens=Tokens(10, 5, estimated=True),
        sources=(Source("0" * 24, "a.md", 0.5),),
        model="fake",
        degraded=True,
        handover_reason="Reclamação",
    )


def ended(chat: Chat, state: ChatState, **values: Any) -> Chat:
    return replace(chat, state=state, until=None, **values)


@pytest.mark.not_mongomock("Its writes are not atomic.")
def test_one_of_sixteen_deliveries_is_stored(world: World, rows: Repositories) -> None:
    conversation, key = world.conversation(), new_id()
    chats = [replace(waiting(world, conversation), id=new_id(), keys=(key,)) for _ in range(16)]

    with ThreadPoolExecutor(16) as threads:
        stored = list(threads.map(rows.messages.add, chats))

    assert stored.count(True) == 1
    assert rows.messages.with_key(conversation.assistant_id, [key]) == chats[stored.index(True)]


@pytest.mark.not_mongomock("It keeps unique whole lists, not each value in one.")
def test_each_of_two_keys_is_taken(world: World, rows: Repositories) -> None:
    first = waiting(world, keys=(new_id(), new_id()))

    for key in first.keys:
        assert not rows.messages.add(replace(first, id=new_id(), keys=(new_id(), key)))
        assert rows.messages.with_key(first.assistant_id, [new_id(), key]) == first
        assert rows.messages.with_key(new_id(), [key]) is None
    assert rows.messages.with_key(first.assistant_id, [new_id()]) is None
    assert rows.messages.with_key(first.assistant_id, []) is None


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
    begins, merges = (waiting(world, state=ChatState.GATHERING) for _ in range(2))

    assert rows.messages.begin(begins.id)
    assert not rows.messages.merge(begins.id, merges.id)
    assert rows.chats.by_id(begins.id) == replace(begins, state=ChatState.ANSWERING)

    assert rows.messages.merge(merges.id, begins.id)
    assert not rows.messages.begin(merges.id)
    assert not rows.messages.merge(merges.id, new_id())
    merged = ended(merges, ChatState.MERGED, merged_into=begins.id)
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

    assert rows.messages.answer(chat, EPOCH, world.clock())
    assert rows.chats.by_id(chat.id) == replace(ended(chat, ChatState.ANSWERED), answer_epoch=EPOCH)


def test_no_answer_is_put_on_a_chat_that_was_switched_meanwhile(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    chat = waiting(world, conversation)

    elsewhere = waiting(world, conversation)

    for epoch in (1, 2):
        rows.messages.void([chat.id], epoch)
        assert not rows.messages.answer(with_answer(chat), EPOCH, world.clock())
        assert rows.messages.by_id(chat.id) == replace(chat, epoch=epoch)
    rows.messages.void([chat.id], 1)
    assert not rows.messages.answer(with_answer(chat), 1, world.clock())
    assert rows.messages.answer(with_answer(chat), 2, world.clock())
    assert rows.messages.answer(with_answer(elsewhere), EPOCH, world.clock())


@pytest.mark.parametrize("state", [state for state in ChatState if state is not ChatState.ANSWERING])
def test_an_answer_is_put_only_on_what_is_being_answered(
    world: World, rows: Repositories, state: ChatState
) -> None:
    chat = waiting(world, state=state)

    assert not rows.messages.answer(with_answer(chat), EPOCH, world.clock())
    assert rows.messages.by_id(chat.id) == chat


def test_an_answer_is_put_before_its_time_is_over_only(world: World, rows: Repositories) -> None:
    chat = waiting(world)

    assert chat.until is not None
    assert not rows.messages.answer(with_answer(chat), EPOCH, chat.until)
    assert rows.messages.answer(with_answer(chat), EPOCH, chat.until - timedelta(seconds=1))


def test_no_answer_is_put_on_a_chat_that_is_gone(world: World, rows: Repositories) -> None:
    chat = waiting(world)
    assert rows.messages.remove(chat)

    assert not rows.messages.answer(with_answer(chat), EPOCH, world.clock())
    rows.messages.discard_answer(with_answer(chat), ChatState.LEFT)
    rows.messages.fail(chat, "model_failed")
    rows.messages.leave_to_person(chat)
    assert rows.chats.by_id(chat.id) is None


def test_a_message_is_left_to_a_person(world: World, rows: Repositories) -> None:
    left = waiting(world)

    rows.messages.leave_to_person(left)

    assert rows.messages.by_id(left.id) == ended(left, ChatState.LEFT)


def test_a_hand_over_is_known_until_it_is_done(world: World, rows: Repositories) -> None:
    chat, other = with_answer(waiting(world)), replace(with_answer(waiting(world)), handover_reason=None)
    for one in (chat, other):
        assert rows.messages.answer(one, EPOCH, world.clock())

    pending = [one.id for one in rows.messages.handing_over()]
    assert chat.id in pending
    assert other.id not in pending
    rows.messages.handed_over(chat.id)
    assert chat.id not in [one.id for one in rows.messages.handing_over()]


def test_what_a_person_wrote_is_on_record_in_the_end(world: World, rows: Repositories) -> None:
    chat = waiting(world, by_person=True, until=None)

    rows.messages.recorded(chat.id)

    assert rows.messages.by_id(chat.id) == ended(chat, ChatState.ANSWERED)


def test_a_discarded_answer_is_kept_apart(world: World, rows: Repositories) -> None:
    chat = with_answer(waiting(world))

    rows.messages.discard_answer(chat, ChatState.LEFT)

    kept = {"response": "", "parts": (), "handover_reason": None, "discarded_response": "Três dias."}
    assert rows.chats.by_id(chat.id) == ended(chat, ChatState.LEFT, **kept)


def test_a_failure_says_why_and_keeps_the_keys(world: World, rows: Repositories) -> None:
    chat = waiting(world, keys=(new_id(),), fingerprint=new_id())

    rows.messages.fail(chat, "model_timeout")

    assert rows.messages.with_key(chat.assistant_id, chat.keys) == ended(
        chat, ChatState.FAILED, error="model_timeout"
    )


def test_what_dead_processes_worked_on_is_released(world: World, rows: Repositories) -> None:
    working = [waiting(world, state=state) for state in (ChatState.GATHERING, ChatState.ANSWERING)]
    done = [world.chat(world.conversation(), state=ChatState(state)) for state in ("answered", "left", "merged")]

    rows.messages.release_interrupted("interrupted")

    for chat in working:
        assert rows.chats.by_id(chat.id) == ended(chat, ChatState.FAILED, error="interrupted")
    for chat in done:
        assert rows.chats.by_id(chat.id) == chat


def test_also_what_they_worked_on_for_as_long_as_the_settings_allow(world: World, rows: Repositories) -> None:
    latest = world.chat(world.conversation(), state=ChatState.ANSWERED)
    earlier = ObjectId.from_datetime(made_at(latest.id) - timedelta(seconds=10 * 60 + 2 * 60 + 5))
    working = waiting(world, id=str(earlier))

    rows.messages.release_interrupted("interrupted")

    assert rows.chats.by_id(working.id) == ended(working, ChatState.FAILED, error="interrupted")
