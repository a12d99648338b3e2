"""Conversations and their chats are kept in step, whoever does what at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from bson import ObjectId

from app.domain.chats import Chat
from app.domain.conversations import Conversation
from app.domain.ids import made_at, new_id
from app.services.conversations import ConversationKeeper
from app.wiring.repositories import Repositories
from tests.integration.rows import World


@pytest.fixture
def keeper(world: World, rows: Repositories) -> ConversationKeeper:
    return ConversationKeeper(rows.conversations, rows.chats, world.clock)


def stored(rows: Repositories, chat: Chat) -> Chat:
    found = rows.chats.by_id(chat.id)
    assert found is not None
    return found


def now(rows: Repositories, conversation: Conversation) -> Conversation:
    found = rows.conversations.by_id(conversation.id)
    assert found is not None
    return found


def opened(world: World, keeper: ConversationKeeper) -> tuple[Conversation, Chat]:
    """A conversation of one chat."""
    chat = world.chat(world.conversation())
    return keeper.open(chat), chat


def test_the_first_chat_makes_the_conversation(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation, chat = opened(world, keeper)

    assert (conversation.id, conversation.latest_chat_id) == (chat.conversation_id, chat.id)
    assert (conversation.active, conversation.epoch, conversation.username) == (True, 0, "Maria")
    assert conversation.created_at == made_at(chat.id)
    assert abs(now(rows, conversation).created_at - conversation.created_at) < timedelta(milliseconds=1)


def test_sixteen_first_messages_at_once_open_one(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation = world.conversation()
    chats = [world.chat(conversation) for _ in range(16)]

    with ThreadPoolExecutor(16) as threads:
        all_opened = list(threads.map(keeper.open, chats))

    assert {one.id for one in all_opened} == {conversation.id}
    wanted = {"assistant_id": ObjectId(conversation.assistant_id)}
    assert world.database["conversations"].count_documents(wanted) == 1
    assert now(rows, conversation).latest_chat_id == chats[-1].id


def test_only_customers_name_the_customer(world: World, rows: Repositories, keeper: ConversationKeeper) -> None:
    conversation, _ = opened(world, keeper)

    for username, by_person in (("Ana", True), (None, False), ("Maria Silva", False), ("Ana", True)):
        keeper.open(world.chat(conversation, username=username, by_person=by_person))
    assert now(rows, conversation).username == "Maria Silva"

    begun_by_person = world.chat(world.conversation(), username="Ana", by_person=True)
    assert keeper.open(begun_by_person).username is None


def test_switches_from_many_sides_leave_all_in_step(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation, first = opened(world, keeper)
    chats = [first, world.chat(conversation), world.chat(conversation)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: keeper.switch(conversation, active=number % 2 == 0), range(16)))

    switched = now(rows, conversation)
    assert switched.epoch == 16
    assert {(stored(rows, chat).active, stored(rows, chat).epoch) for chat in chats} == {(switched.active, 16)}
    assert switched not in rows.conversations.unsettled()


def test_a_sweep_settles_what_a_crash_left(world: World, rows: Repositories, keeper: ConversationKeeper) -> None:
    conversation, chat = opened(world, keeper)
    rows.conversations.switch(replace(conversation, active=False))

    keeper.sweep()

    assert not stored(rows, chat).active
    assert conversation.id not in [one.id for one in rows.conversations.unsettled()]


def test_who_takes_a_conversation_is_remembered_with_the_moment(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation, _ = opened(world, keeper)

    keeper.switch(conversation, active=False)
    taken_at = now(rows, conversation).person_at
    assert taken_at is not None

    world.clock.advance(hours=1)
    keeper.person_wrote(now(rows, conversation))
    wrote_at = now(rows, conversation).person_at
    assert wrote_at is not None
    assert wrote_at - taken_at >= timedelta(hours=1)
    assert now(rows, conversation).epoch == 1


def test_a_person_who_writes_takes_the_conversation(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation, chat = opened(world, keeper)

    keeper.person_wrote(conversation)

    assert (now(rows, conversation).active, now(rows, conversation).epoch) == (False, 1)
    assert not stored(rows, chat).active


def test_a_hand_over_ends_with_its_reason_and_a_new_history(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation, chat = opened(world, keeper)

    assert keeper.hand_over(conversation, "Reclamação") == 1
    handed_over = now(rows, conversation)
    assert (handed_over.active, handed_over.handover_reason) == (False, "Reclamação")
    during = world.chat(conversation)

    keeper.switch(handed_over, active=True)
    given_back = now(rows, conversation)
    assert (given_back.active, given_back.handover_reason) == (True, None)
    assert rows.chats.history(given_back, new_id(), 9) == ()
    assert (stored(rows, chat).active, stored(rows, during).active) == (True, True)


def test_nothing_is_handed_over_that_was_switched_meanwhile(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation, _ = opened(world, keeper)
    keeper.switch(conversation, active=True)

    assert keeper.hand_over(conversation, "Reclamação") is None
    assert (now(rows, conversation).active, now(rows, conversation).handover_reason) == (True, None)


def test_a_new_history_begins_behind_chats_of_a_clock_that_is_ahead(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation, _ = opened(world, keeper)
    ahead = world.chat(conversation, id=f"{int(new_id(), 16) + (1 << 64):024x}")
    keeper.hand_over(keeper.open(ahead), "Reclamação")

    keeper.switch(now(rows, conversation), active=True)

    assert (now(rows, conversation).history_from or "") > ahead.id


def test_of_sixteen_messages_one_reactivates_what_was_left_alone(
    world: World, rows: Repositories, keeper: ConversationKeeper
) -> None:
    conversation, first = opened(world, keeper)
    keeper.switch(conversation, active=False)
    world.clock.advance(hours=2)
    chats = [world.chat(conversation) for _ in range(16)]

    with ThreadPoolExecutor(16) as threads:
        all_opened = list(threads.map(lambda chat: keeper.open(chat, 2), chats))

    assert {(one.active, one.epoch) for one in all_opened} == {(True, 2)}
    assert now(rows, conversation).reactivated_at is not None
    assert {stored(rows, chat).active for chat in (first, *chats)} == {True}


@pytest.mark.parametrize(("hours", "after"), [(0, 10_000), (2, 1.99), (8760, 2)])
def test_before_its_time_it_stays_with_the_person(
    world: World, rows: Repositories, keeper: ConversationKeeper, hours: float, after: float
) -> None:
    conversation, _ = opened(world, keeper)
    keeper.switch(conversation, active=False)
    world.clock.advance(hours=after)

    assert not keeper.open(world.chat(conversation), hours).active
    assert now(rows, conversation).reactivated_at is None
