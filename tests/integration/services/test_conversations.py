"""Who answers a conversation, whoever says what at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation
from app.domain.ids import new_id
from app.services.conversations import ConversationSwitch
from app.wiring.repositories import Repositories
from tests.fakes.fate import Fate, Killed
from tests.integration.rows import World
from tests.integration.services.announcing import UNHEARD, conversation_announcer


@pytest.fixture
def switch(world: World, rows: Repositories) -> ConversationSwitch:
    announcer = conversation_announcer(rows, world.clock)
    return ConversationSwitch(rows.conversations, rows.conversation_queue, rows.messages, announcer, world.clock)


@pytest.fixture
def before(world: World) -> Conversation:
    """A conversation as somebody read it before the others did what they did; the assistant answers."""
    return world.opened(world.chat(world.conversation()))


def now(rows: Repositories, conversation: Conversation) -> Conversation:
    found = rows.conversations.by_id(conversation.id)
    assert found is not None
    return found


def under_way(world: World, conversation: Conversation) -> Chat:
    """A message in the queue of a conversation."""
    chat = world.chat(conversation, state=ChatState.ANSWERING, until=world.now() + timedelta(minutes=1))
    world.rows.conversation_queue.join(chat, 21)
    return chat


def hand_over(world: World, conversation: Conversation, reason: str = "Reclamação") -> None:
    chat = replace(under_way(world, conversation), handover_reason=reason)
    world.rows.conversation_queue.hand_over(chat, world.clock())


def test_switches_from_many_sides_all_count(
    rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: switch.switch(UNHEARD, before, active=number % 2 == 0), range(16)))

    assert now(rows, before).epoch == 16


def test_a_switch_meets_what_is_under_way_and_rewrites_nothing_else(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    ended, met = world.chat(before), under_way(world, before)

    switch.switch(UNHEARD, before, active=False)
    later = under_way(world, before)

    stored = [rows.messages.by_id(chat.id) for chat in (ended, met, later)]
    assert [chat.epoch for chat in stored if chat] == [ended.epoch, 1, later.epoch]
    assert not rows.messages.answer(replace(met, response="Olá!"), 0, world.clock())


def test_who_takes_a_conversation_is_remembered_with_the_moment(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    switch.switch(UNHEARD, before, active=False)
    taken_at = now(rows, before).person_at
    assert taken_at is not None

    world.clock.advance(hours=1)
    switch.person_wrote(UNHEARD, world.chat(before, by_person=True))
    wrote_at = now(rows, before).person_at
    assert wrote_at is not None
    assert wrote_at - taken_at >= timedelta(hours=1)
    assert now(rows, before).epoch == 1


def test_who_records_a_persons_message_again_after_a_crash_voids_the_answers_under_way(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    met, written = under_way(world, before), world.chat(before, by_person=True)
    messages = Fate(0, Killed, after=False).over(rows.messages)
    announcer = conversation_announcer(rows, world.clock)
    dying = ConversationSwitch(rows.conversations, rows.conversation_queue, messages, announcer, world.clock)
    with pytest.raises(Killed):
        dying.person_wrote(UNHEARD, written)

    switch.person_wrote(UNHEARD, written)

    assert not rows.messages.answer(replace(met, response="Olá!"), 0, world.clock())


def test_a_person_who_writes_takes_the_conversation(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    switch.person_wrote(UNHEARD, world.chat(before, by_person=True))

    assert (now(rows, before).active, now(rows, before).epoch) == (False, 1)


def test_a_person_who_writes_first_begins_the_conversation(
    world: World, rows: Repositories, switch: ConversationSwitch
) -> None:
    conversation = world.conversation()

    switch.person_wrote(UNHEARD, world.chat(conversation, by_person=True, username="Ana"))

    begun = now(rows, conversation)
    assert (begun.active, begun.username) == (False, None)


def test_a_hand_over_ends_with_its_reason_and_a_new_history(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    hand_over(world, before)
    handed_over = now(rows, before)
    assert (handed_over.active, handed_over.handover_reason) == (False, "Reclamação")
    during = world.chat(before)
    world.opened(during)

    switch.switch(UNHEARD, handed_over, active=True)

    given_back = now(rows, before)
    assert (given_back.active, given_back.handover_reason) == (True, None)
    assert (given_back.history_from or "") > during.id


def test_history_is_cut_by_who_gives_back_what_was_handed_over_this_moment(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    hand_over(world, before)

    switch.switch(UNHEARD, before, active=True)

    given_back = now(rows, before)
    assert (given_back.active, given_back.handover_reason, given_back.epoch) == (True, None, 2)
    assert (given_back.history_from or "") > before.latest_chat_id


def test_a_hand_over_that_is_over_is_not_brought_back(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    hand_over(world, before)
    read = now(rows, before)
    switch.switch(UNHEARD, read, active=True)

    switch.switch(UNHEARD, read, active=False)

    taken = now(rows, before)
    assert (taken.active, taken.handover_reason) == (False, None)
    assert taken.history_from is not None


def test_a_new_history_begins_behind_chats_of_a_clock_that_is_ahead(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    ahead = world.chat(before, id=f"{int(new_id(), 16) + (1 << 64):024x}")
    world.opened(ahead)
    rows.conversations.switch(replace(now(rows, before), active=False, handover_reason="Reclamação"), 0)

    switch.switch(UNHEARD, now(rows, before), active=True)

    assert (now(rows, before).history_from or "") > ahead.id


def test_a_person_who_writes_while_it_comes_back_by_itself_keeps_it(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    switch.switch(UNHEARD, before, active=False)
    switch.switch(UNHEARD, now(rows, before), active=True)

    switch.person_wrote(UNHEARD, world.chat(before, by_person=True))

    assert not now(rows, before).active


def test_a_switch_of_a_deleted_conversation_ends(
    rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    rows.conversations.delete_of_assistant(before.assistant_id)

    switch.switch(UNHEARD, before, active=False)

    assert rows.conversations.by_id(before.id) is None


def test_of_sixteen_messages_one_reactivates_what_was_left_alone(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation
) -> None:
    switch.switch(UNHEARD, before, active=False)
    world.clock.advance(hours=2)
    read, chats = now(rows, before), [world.chat(before) for _ in range(16)]

    with ThreadPoolExecutor(16) as threads:
        reactivated = list(threads.map(lambda chat: switch.reactivated(UNHEARD, read, chat.id, 2), chats))

    assert {(one.active, one.epoch) for one in reactivated} == {(True, 2)}
    assert now(rows, before).reactivated_at is not None


@pytest.mark.parametrize(("hours", "after"), [(0, 10_000), (2, 1.99), (8760, 2)])
def test_before_its_time_it_stays_with_the_person(
    world: World, rows: Repositories, switch: ConversationSwitch, before: Conversation, hours: float, after: float
) -> None:
    switch.switch(UNHEARD, before, active=False)
    world.clock.advance(hours=after)

    assert not switch.reactivated(UNHEARD, now(rows, before), new_id(), hours).active
    assert now(rows, before).reactivated_at is None


def test_what_has_come_to_an_end_does_not_fail_any_more(
    world: World, rows: Repositories, before: Conversation
) -> None:
    """A commit may be done and its acknowledgement be lost."""
    ends = [ChatState.ANSWERED, ChatState.MERGED, ChatState.LEFT]
    chats = [world.chat(before, state=state) for state in ends]

    assert [rows.messages.fail(chat, "service_unavailable") for chat in chats] == [False] * 3
    assert [chat.state for chat in map(rows.messages.by_id, [one.id for one in chats]) if chat] == ends
