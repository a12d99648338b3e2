"""Switches of a conversation that know only how it was a moment ago."""

import pytest

from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation
from app.repositories.messages import MessageRepository
from app.services.conversations import ConversationKeeper
from app.wiring.repositories import Repositories
from tests.integration.rows import World


@pytest.fixture
def keeper(world: World, rows: Repositories) -> ConversationKeeper:
    return ConversationKeeper(rows.conversations, rows.chats, world.clock)


@pytest.fixture
def before(world: World, rows: Repositories) -> Conversation:
    """A conversation as somebody read it before the others did what they did; the assistant answers."""
    conversation = world.conversation()
    rows.conversations.add(conversation)
    return conversation


def now(rows: Repositories, conversation: Conversation) -> Conversation:
    found = rows.conversations.by_id(conversation.id)
    assert found is not None
    return found


def test_a_person_who_writes_while_it_comes_back_by_itself_keeps_it(
    rows: Repositories, keeper: ConversationKeeper, before: Conversation
) -> None:
    keeper.switch(before, active=False)
    read = now(rows, before)
    keeper.switch(read, active=True)

    keeper.person_wrote(read)

    assert not now(rows, before).active


def test_history_is_cut_by_who_gives_back_what_was_handed_over_this_moment(
    rows: Repositories, keeper: ConversationKeeper, before: Conversation
) -> None:
    keeper.hand_over(before, "Desconto")

    keeper.switch(before, active=True)

    given_back = now(rows, before)
    assert (given_back.active, given_back.handover_reason, given_back.epoch) == (True, None, 2)
    assert (given_back.history_from or "") > before.latest_chat_id


def test_a_hand_over_that_is_over_is_not_brought_back(
    rows: Repositories, keeper: ConversationKeeper, before: Conversation
) -> None:
    keeper.hand_over(before, "Desconto")
    read = now(rows, before)
    keeper.switch(read, active=True)

    keeper.switch(read, active=False)

    taken = now(rows, before)
    assert (taken.active, taken.handover_reason) == (False, None)
    assert taken.history_from is not None


def test_a_switch_of_a_deleted_conversation_ends(
    rows: Repositories, keeper: ConversationKeeper, before: Conversation
) -> None:
    rows.conversations.delete_of_assistant(before.assistant_id)

    keeper.switch(before, active=False)

    assert rows.conversations.by_id(before.id) is None


def test_chats_are_never_told_of_an_earlier_switch(
    world: World, rows: Repositories, keeper: ConversationKeeper, before: Conversation
) -> None:
    chat = world.chat(before)
    keeper.switch(before, active=True)
    earlier = now(rows, before)
    keeper.switch(before, active=False)

    rows.chats.mark(earlier)

    told = rows.chats.by_id(chat.id)
    assert told is not None
    assert (told.active, told.epoch) == (False, 2)


def ended(world: World, conversation: Conversation, messages: MessageRepository) -> list[Chat]:
    """Chats that have come to their ends."""
    chats = [world.chat(conversation, state=ChatState.GATHERING) for _ in range(3)]
    assert messages.answer(chats[0], chats[0].epoch)
    assert messages.merge(chats[1].id, chats[0].id)
    messages.leave_to_person(chats[2], 0)
    return chats


def test_what_has_come_to_an_end_does_not_fail_any_more(
    world: World, rows: Repositories, before: Conversation
) -> None:
    """A commit may be done and its acknowledgement be lost."""
    chats = ended(world, before, rows.messages)

    for chat in chats:
        rows.messages.fail(chat, "service_unavailable")

    found = [rows.chats.by_id(chat.id) for chat in chats]
    assert [chat.state for chat in found if chat] == [ChatState.ANSWERED, ChatState.MERGED, ChatState.LEFT]
