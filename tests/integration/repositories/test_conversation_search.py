"""Conversations that no index finds."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId

from app.domain.conversations import Answering, Channel, ConversationFilter, FoundConversations, searched_text
from app.domain.ids import new_id
from app.domain.message_search import IndexingProgress
from app.repositories.conversation_search import ConversationSearch
from app.repositories.conversations import ConversationRepository
from app.wiring.repositories import Repositories
from tests.fakes.database import dialect_of_tests
from tests.integration.rows import World


def nobody(received: Mapping[str, int]) -> Collection[str]:
    """Of a search that is not for unread ones."""
    raise AssertionError("This was not asked for.")


def search(rows: Repositories, wanted: ConversationFilter, before: str | None, limit: int) -> FoundConversations:
    return rows.conversation_search.search(wanted, before, limit, nobody)


def test_a_text_is_searched_in_name_and_channel(world: World, rows: Repositories) -> None:
    owner = new_id()
    joao = world.conversation(
        owner_id=owner, username="João da Silva", channel=Channel("+5513988593464", "Whatsapp")
    )
    nameless = world.conversation(owner_id=owner, username=None, channel=Channel("joao.pessoa@x", "E-mail"))
    for one in (joao, nameless):
        world.store(one)

    def found(text: str) -> set[str]:
        found = search(rows, ConversationFilter(owner, text=text), None, 9)
        assert found.next_before is None
        return {one.id for one in found.conversations}

    assert found("JOAO") == found("joão") == {joao.id, nameless.id}
    assert found("988593") == found("a silva") == {joao.id}
    assert found("joao.") == found("@X") == {nameless.id}
    assert found("jo.o") == found(".*") == found("^joao") == set()

    world.opened(world.chat(nameless, username="Zé"))
    assert found("ze") == {nameless.id}


def test_a_whole_channel_id_finds_that_channel_alone(world: World, rows: Repositories) -> None:
    owner = new_id()
    inactive, active, longer = (world.conversation(owner_id=owner, channel=Channel("123", "Web")) for _ in range(3))
    longer = replace(longer, channel=Channel("1234", "Web"))
    for one in (replace(inactive, active=False), active, longer):
        world.store(one)

    def found(before: str | None = None, limit: int = 9, state: bool | None = None) -> tuple[list[str], str | None]:
        page = search(rows, ConversationFilter(owner, active=state, text="123"), before, limit)
        return [one.id for one in page.conversations], page.next_before

    assert found() == ([active.id, inactive.id], None)
    assert found(limit=1) == ([active.id], active.latest_chat_id)
    assert found(before=active.latest_chat_id) == ([inactive.id], None)
    assert found(state=True) == ([active.id], None)
    everything = search(rows, ConversationFilter(owner, text="12"), None, 9)
    assert len(everything.conversations) == 3


def test_a_search_reads_no_more_than_a_bound_and_goes_on_from_there(world: World) -> None:
    owner, most = new_id(), 7
    dialect: Any = dialect_of_tests()
    dialect.most_searched = most
    conversations = ConversationRepository(world.database, dialect)
    search = ConversationSearch(conversations, world.rows.conversation_names, world.rows.assistants, dialect)
    wanted = []
    for number in range(30):
        one = world.conversation(owner_id=owner, username="Zuleica" if number % 10 == 0 else "Ana")
        world.store(one)
        wanted += [one.id] if number % 10 == 0 else []

    pages, before = [], None
    while True:
        page = search.search(ConversationFilter(owner, text="zule"), before, 9, nobody)
        pages.append([one.id for one in page.conversations])
        before = page.next_before
        if before is None:
            break

    assert len(pages) == 5
    assert [one for page in pages for one in page] == wanted[::-1]


def test_few_who_wait_are_found_among_many_who_are_with_a_person(world: World) -> None:
    owner = new_id()
    dialect: Any = dialect_of_tests()
    dialect.most_searched = 5
    conversations = ConversationRepository(world.database, dialect)
    search = ConversationSearch(conversations, world.rows.conversation_names, world.rows.assistants, dialect)
    stored = [world.store(world.conversation(owner_id=owner, active=False)) for _ in range(30)]
    for one in (stored[0], stored[4], stored[29]):
        waiting = {"$set": {"waiting_since": world.now()}}
        world.database["conversations"].update_one({"_id": ObjectId(one.id)}, waiting)

    wanted = ConversationFilter(owner, answering=Answering.WAITING_FOR_PERSON)
    pages, before = [], None
    for _ in range(9):
        page = search.search(wanted, before, 2, nobody)
        pages.append([one.id for one in page.conversations])
        before = page.next_before
        if before is None:
            break

    assert pages == [[stored[29].id, stored[4].id], [stored[0].id]]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_a_search_follow_one_another(world: World, rows: Repositories, limit: int) -> None:
    owner = new_id()
    mine = [world.store(world.conversation(owner_id=owner, username="Maria")) for _ in range(5)]

    found, before = [], None
    for _ in range(10):
        page = search(rows, ConversationFilter(owner, text="mari"), before, limit)
        assert len(page.conversations) <= limit
        found += [one.id for one in page.conversations]
        before = page.next_before
        if before is None:
            break

    assert found == [one.id for one in mine[::-1]]


@pytest.mark.not_mongomock("its bulk writes do not know all options of pymongo's")
def test_what_is_older_is_found_by_its_name(world: World) -> None:
    owner = new_id()
    dialect: Any = dialect_of_tests()
    dialect.most_searched = 7
    conversations = ConversationRepository(world.database, dialect)
    names = world.rows.conversation_names
    search = ConversationSearch(conversations, names, world.rows.assistants, dialect)
    all_of_them = [world.conversation(owner_id=owner, username=f"Zélia {number}") for number in range(3)]
    assistant_id = all_of_them[0].assistant_id
    stored = [world.store(replace(one, assistant_id=assistant_id)) for one in all_of_them]
    for _ in range(10):
        world.store(world.conversation(owner_id=owner, assistant_id=assistant_id, username="Ana"))
    texts = {one.id: (assistant_id, searched_text(one.username, one.channel)) for one in stored}
    names.put(texts, replacing=True)
    world.rows.message_words.advance(IndexingProgress(world.now(), None))

    def found(text: str, limit: int = 9) -> list[str]:
        pages, before = [], None
        while True:
            wanted = ConversationFilter(assistant_id=assistant_id, text=text)
            page = search.search(wanted, before, limit, nobody)
            pages += [one.id for one in page.conversations]
            before = page.next_before
            if before is None:
                return pages

    everything = [one.id for one in reversed(stored)]
    assert [found("zelia"), found("ZÉLIA", 1), found("elia", 2)] == [everything] * 3
    assert found("zelia 1") == [stored[1].id]
    assert found("zelia 9") == []
    names.put({stored[1].id: (assistant_id, "outra")}, replacing=False)
    assert names.find([assistant_id], "zelia 1") == [stored[1].id]
    world.database["message_words_progress"].delete_many({})
