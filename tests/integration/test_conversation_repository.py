"""The collection `conversations`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bson import ObjectId

from app.domain.conversations import Channel, conversation_id_of
from app.domain.ids import is_id, new_id
from app.services.conversations import ConversationKeeper
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def test_a_conversation_comes_back_as_stored(world: World, rows: Repositories) -> None:
    conversation = world.conversation()

    assert rows.conversations.add(conversation)
    assert rows.conversations.by_id(conversation.id) == conversation


def test_there_is_one_for_each_assistant_service_and_channel() -> None:
    assistant_id, channel = new_id(), Channel("+5513988593464", "Whatsapp")
    ids = {
        conversation_id_of(assistant_id, channel),
        conversation_id_of(new_id(), channel),
        conversation_id_of(assistant_id, Channel(channel.id, "Telegram")),
        conversation_id_of(assistant_id, Channel(new_id(), "Whatsapp")),
    }

    assert len(ids) == 4
    assert all(is_id(one) for one in ids)
    assert conversation_id_of(assistant_id, channel) in ids


def test_a_conversation_is_stored_once(world: World, rows: Repositories) -> None:
    first = world.conversation()

    assert rows.conversations.add(first)
    assert not rows.conversations.add(replace(first, username="Outra"))
    assert rows.conversations.by_id(first.id) == first


def test_sixteen_first_messages_at_once_open_one(world: World, rows: Repositories) -> None:
    keeper = ConversationKeeper(rows.conversations, rows.chats)
    conversation = world.conversation()
    chats = [world.chat(conversation) for _ in range(16)]

    with ThreadPoolExecutor(16) as threads:
        opened = list(threads.map(keeper.open, chats))

    assert {one.id for one in opened} == {conversation.id}
    wanted = {"assistant_id": ObjectId(conversation.assistant_id)}
    assert world.database["conversations"].count_documents(wanted) == 1


def test_conversations_are_found_by_their_channel(world: World, rows: Repositories) -> None:
    first = world.conversation()
    same_owner = replace(first, id=new_id(), assistant_id=new_id())
    other_owner = replace(first, id=new_id(), assistant_id=new_id(), owner_id=new_id())
    for one in (first, same_owner, other_owner, world.conversation(owner_id=first.owner_id)):
        rows.conversations.add(one)

    def ids(owner_id: str | None, assistant_id: str | None) -> set[str]:
        return {one.id for one in rows.conversations.with_channel(first.channel.id, owner_id, assistant_id)}

    assert ids(None, None) == {first.id, same_owner.id, other_owner.id}
    assert ids(first.owner_id, None) == {first.id, same_owner.id}
    assert ids(first.owner_id, first.assistant_id) == ids(None, first.assistant_id) == {first.id}
    assert ids(first.owner_id, other_owner.assistant_id) == set()


def test_a_customer_can_be_renamed(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    rows.conversations.add(conversation)

    rows.conversations.rename_customer(conversation.id, "Maria Silva")

    assert rows.conversations.by_id(conversation.id) == replace(conversation, username="Maria Silva")


def test_a_switch_is_unsettled_until_its_chats_were_told(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    rows.conversations.add(conversation)
    assert conversation not in rows.conversations.unsettled()

    rows.conversations.switch(conversation.id, active=False)
    switched = replace(conversation, active=False, epoch=1)
    assert switched in rows.conversations.unsettled()

    assert rows.conversations.settled(switched)
    assert switched not in rows.conversations.unsettled()


def test_a_switch_that_came_meanwhile_stays_unsettled(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    rows.conversations.add(conversation)
    rows.conversations.switch(conversation.id, active=False)
    rows.conversations.switch(conversation.id, active=True)

    assert not rows.conversations.settled(replace(conversation, active=False, epoch=1))
    assert replace(conversation, epoch=2) in rows.conversations.unsettled()


def test_switches_from_many_sides_leave_all_in_step(world: World, rows: Repositories) -> None:
    keeper = ConversationKeeper(rows.conversations, rows.chats)
    conversation = world.conversation()
    rows.conversations.add(conversation)
    chats = [world.chat(conversation) for _ in range(3)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: keeper.switch(conversation, active=number % 2 == 0), range(16)))

    now = rows.conversations.by_id(conversation.id)
    assert now is not None
    assert now.epoch == 16
    stored = [rows.chats.by_id(chat.id) for chat in chats]
    assert {chat.active for chat in stored if chat} == {now.active}
    assert now not in rows.conversations.unsettled()


def test_a_sweep_settles_what_a_crash_left(world: World, rows: Repositories) -> None:
    keeper = ConversationKeeper(rows.conversations, rows.chats)
    conversation = world.conversation()
    rows.conversations.add(conversation)
    chat = world.chat(conversation)
    rows.conversations.switch(conversation.id, active=False)

    keeper.sweep()

    stored = rows.chats.by_id(chat.id)
    assert stored is not None
    assert not stored.active
    assert conversation.id not in [one.id for one in rows.conversations.unsettled()]


def test_all_of_an_assistant_follow_it(world: World, rows: Repositories) -> None:
    conversation, owner = world.conversation(), new_id()
    rows.conversations.add(conversation)

    rows.conversations.change_owner(conversation.assistant_id, owner)
    assert rows.conversations.by_id(conversation.id) == replace(conversation, owner_id=owner)

    rows.conversations.delete_of_assistant(conversation.assistant_id)
    assert rows.conversations.by_id(conversation.id) is None
