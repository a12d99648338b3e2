"""The collection `conversations`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.domain.conversations import Channel, ConversationFilter, conversation_id_of
from app.domain.ids import is_id, new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def test_a_conversation_comes_back_as_stored(world: World, rows: Repositories) -> None:
    full = world.conversation(
        person_at=world.now(), reactivated_at=world.now(), handover_reason="Reclamação", history_from=new_id()
    )

    for conversation in (world.conversation(username=None), full):
        world.store(conversation)
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


def test_conversations_are_found_by_their_channel(world: World, rows: Repositories) -> None:
    first = world.conversation()
    same_owner = replace(first, id=new_id(), assistant_id=new_id())
    other_owner = replace(first, id=new_id(), assistant_id=new_id(), owner_id=new_id())
    for one in (first, same_owner, other_owner, world.conversation(owner_id=first.owner_id)):
        world.store(one)

    def ids(owner_id: str | None, assistant_id: str | None) -> set[str]:
        return {
            one.id
            for one in rows.conversations.with_channel(first.channel.id, ConversationFilter(owner_id, assistant_id))
        }

    assert ids(None, None) == {first.id, same_owner.id, other_owner.id}
    assert ids(first.owner_id, None) == {first.id, same_owner.id}
    assert ids(first.owner_id, first.assistant_id) == ids(None, first.assistant_id) == {first.id}
    assert ids(None, other_owner.assistant_id) == {other_owner.id}


@pytest.mark.not_mongomock("Its writes are not atomic.")
def test_one_of_sixteen_switches_at_one_epoch_counts(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    world.store(conversation)
    changed = [replace(conversation, active=False, handover_reason=str(number)) for number in range(16)]

    with ThreadPoolExecutor(16) as threads:
        switched = list(threads.map(lambda one: rows.conversations.switch(one, 0), changed))

    (one,) = [conversation for conversation in switched if conversation]
    assert rows.conversations.by_id(conversation.id) == one == replace(changed[switched.index(one)], epoch=1)
    assert rows.conversations.switch(world.conversation(), 0) is None


def test_when_a_person_wrote_is_remembered(world: World, rows: Repositories) -> None:
    conversation = world.conversation(active=False)
    world.store(conversation)
    wrote = replace(conversation, person_at=world.now(), username="Outra")

    rows.conversations.person_wrote(wrote)

    assert rows.conversations.by_id(conversation.id) == replace(conversation, person_at=wrote.person_at)


def test_pages_are_filtered_newest_activity_first(world: World, rows: Repositories) -> None:
    owner = new_id()
    active, inactive, third = (world.conversation(owner_id=owner, active=state) for state in (True, False, True))
    for one in (third, inactive, active, world.conversation()):
        world.store(one)
    touched = world.opened(world.chat(active))

    def page(wanted: ConversationFilter, before: str | None = None, limit: int = 9) -> list[str]:
        return [one.id for one in rows.conversations.page(wanted, before, limit)]

    assert page(ConversationFilter(owner)) == [active.id, third.id, inactive.id]
    assert page(ConversationFilter(owner), touched.latest_chat_id, 1) == [third.id]
    assert page(ConversationFilter(owner, active=True)) == [active.id, third.id]
    assert page(ConversationFilter(owner, active=False)) == [inactive.id]
    assert page(ConversationFilter(None, third.assistant_id)) == [third.id]
    assert page(ConversationFilter(owner, hidden_assistants=[third.assistant_id])) == [active.id, inactive.id]
    assert page(ConversationFilter(), limit=1) == [active.id]


def test_it_is_deleted_unless_it_has_a_newer_chat(world: World, rows: Repositories) -> None:
    conversation = world.conversation()
    world.store(conversation)

    rows.conversations.delete_if_silent_since(conversation.id, conversation.latest_chat_id)
    assert rows.conversations.by_id(conversation.id) == conversation

    rows.conversations.delete_if_silent_since(conversation.id, new_id())
    assert rows.conversations.by_id(conversation.id) is None


def test_all_of_an_assistant_follow_it(world: World, rows: Repositories) -> None:
    conversation, owner = world.conversation(), new_id()
    world.store(conversation)

    rows.conversations.change_owner(conversation.assistant_id, owner)
    assert rows.conversations.by_id(conversation.id) == replace(conversation, owner_id=owner)

    rows.conversations.delete_of_assistant(conversation.assistant_id)
    assert rows.conversations.by_id(conversation.id) is None
