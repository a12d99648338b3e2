"""The collection `chats`."""

from collections import defaultdict
from dataclasses import replace

import pytest

from app.domain.chats import ChatFilter, ChatState
from app.domain.conversations import Source, Tokens
from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def test_a_chat_comes_back_as_stored(world: World, rows: Repositories) -> None:
    plain = world.chat(world.conversation(username=None))
    full = world.chat(
        world.conversation(),
        response="Três dias.",
        tokens=Tokens(10, 5, estimated=True),
        sources=(Source("0" * 24, "a.md", 0.5),),
        model="fake",
        degraded=True,
        cut=True,
        handover_reason="Reclamação",
        by_person=True,
        state=ChatState.GATHERING,
        until=world.now(),
        epoch=3,
        keys=(new_id(), new_id()),
        fingerprint=new_id(),
    )

    assert [rows.chats.by_id(chat.id) for chat in (plain, full)] == [plain, full]
    assert rows.chats.by_id(new_id()) is None


def test_pages_are_filtered_newest_first(world: World, rows: Repositories) -> None:
    owner = new_id()
    active, inactive = world.conversation(owner_id=owner), world.conversation(owner_id=owner, active=False)
    for one in (active, inactive):
        world.store(one)
    made = [world.chat(one).id for one in (active, inactive, active, inactive, active)]
    world.chat(world.conversation())

    def page(wanted: ChatFilter, before: str | None = None, limit: int = 9) -> list[str]:
        return [chat.id for chat in rows.chats.page(wanted, before, limit)]

    assert page(ChatFilter(owner)) == made[::-1]
    assert page(ChatFilter(owner), made[3], 2) == [made[2], made[1]]
    assert page(ChatFilter(owner, active=True)) == [made[4], made[2], made[0]]
    assert page(ChatFilter(owner, active=False), made[3]) == [made[1]]
    assert page(ChatFilter(owner, active.assistant_id)) == [made[4], made[2], made[0]]
    assert page(ChatFilter(None, inactive.assistant_id, active=False)) == [made[3], made[1]]
    assert page(ChatFilter(owner, conversation_ids=[active.id, inactive.id]), limit=3) == made[:1:-1]
    assert page(ChatFilter(owner, conversation_ids=[active.id], active=False)) == []
    assert page(ChatFilter(owner, conversation_ids=[])) == []
    assert page(ChatFilter(owner, hidden_assistants=[active.assistant_id])) == [made[3], made[1]]
    assert page(ChatFilter(), limit=6)[1:] == made[::-1]


@pytest.mark.parametrize("inactive_of_ten", [1, 5, 9])
def test_pages_of_a_state_with_many_conversations(world: World, rows: Repositories, inactive_of_ten: int) -> None:
    owner, made = new_id(), defaultdict[bool, list[str]](list)
    conversations = [
        world.store(world.conversation(owner_id=owner, active=number % 10 >= inactive_of_ten))
        for number in range(120)
    ]
    for _ in range(2):
        for conversation in conversations:
            chat = world.chat(conversation)
            rows.conversation_queue.append(chat)
            made[conversation.active].insert(0, chat.id)

    for active, ids in made.items():
        found: list[str] = []
        while page := rows.chats.page(ChatFilter(owner, active=active), found[-1] if found else None, 60):
            assert {chat.active for chat in page} == {active}
            found += [chat.id for chat in page]
        assert found == ids


def test_a_chat_shows_who_answers_now(world: World, rows: Repositories) -> None:
    conversation = world.store(world.conversation())
    chat = world.chat(conversation)

    for active in (False, True):
        rows.conversations.switch(replace(conversation, active=active), int(active))
        found = rows.chats.by_id(chat.id)
        assert found is not None
        assert found.active is active


def test_all_of_an_assistant_follow_it(world: World, rows: Repositories) -> None:
    conversation, owner = world.conversation(), new_id()
    chat = world.chat(conversation)

    rows.chats.change_owner(conversation.assistant_id, owner)
    assert rows.chats.by_id(chat.id) == replace(chat, owner_id=owner)

    rows.chats.delete_of_assistant(conversation.assistant_id)
    assert rows.chats.by_id(chat.id) is None
