"""Conversations that a person has not read."""

import random
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import ObjectId

from app.domain.conversations import ConversationFilter
from app.domain.ids import new_id
from app.repositories.conversation_search import ConversationSearch
from app.repositories.conversations import ConversationRepository
from tests.fakes.database import dialect_of_tests
from tests.integration.rows import World

_MOST_PAGES = 60


class Inbox:
    """An assistant's conversations, how many messages each received, and how many of these a user has read."""

    def __init__(self, world: World, most_searched: int) -> None:
        dialect: Any = dialect_of_tests()
        dialect.most_searched = most_searched
        self._world = world
        self._rows = ConversationRepository(world.database, dialect)
        self._search = ConversationSearch(self._rows, world.rows.conversation_names, world.rows.assistants, dialect)
        self._assistant_id, self.user_id = new_id(), new_id()
        self.received: dict[str, int] = {}
        self.read: dict[str, int] = {}
        self.activity: dict[str, str] = {}
        self.asked = 0

    def open(self, seconds_ago: float) -> str:
        """A conversation with a message that came so long ago."""
        latest = _id_of(seconds_ago)
        one = replace(self._world.conversation(), assistant_id=self._assistant_id, latest_chat_id=latest)
        self._world.store(one)
        self.received[one.id], self.activity[one.id] = 0, latest
        self.write(one.id, seconds_ago)
        return one.id

    def write(self, conversation_id: str, seconds_ago: float) -> None:
        """A new message."""
        self.received[conversation_id] += 1
        self.activity[conversation_id] = _id_of(seconds_ago)
        values = {
            "received": self.received[conversation_id],
            "latest_chat_id": ObjectId(self.activity[conversation_id]),
        }
        self._world.database["conversations"].update_one({"_id": ObjectId(conversation_id)}, {"$set": values})

    def found(self, limit: int) -> list[str]:
        """All that are unread, page by page."""
        wanted = ConversationFilter(assistant_id=self._assistant_id, unread_by=self.user_id)
        found: list[str] = []
        before, self.pages = None, 0
        for _ in range(_MOST_PAGES):
            page = self._search.search(wanted, before, limit, self._unread)
            found += [one.id for one in page.conversations]
            before, self.pages = page.next_before, self.pages + 1
            if before is None:
                return found
        raise AssertionError("It does not end.")

    def expected(self) -> list[str]:
        unread = [one for one, count in self.received.items() if count > self.read.get(one, 0)]
        return sorted(unread, key=lambda one: self.activity[one], reverse=True)

    def _unread(self, received: Mapping[str, int]) -> Collection[str]:
        self.asked += len(received)
        return {one for one, count in received.items() if count > self.read.get(one, 0)}


def _id_of(seconds_ago: float) -> str:
    return f"{int(datetime.now(UTC).timestamp() - seconds_ago):08x}{new_id()[8:]}"


@pytest.fixture
def inbox(world: World) -> Inbox:
    return Inbox(world, most_searched=12)


def test_all_that_is_unread_is_found_whatever_was_found_before(inbox: Inbox) -> None:
    chance = random.Random(7)
    ids = [inbox.open(chance.uniform(0, 90_000)) for _ in range(40)]
    for _ in range(12):
        for one in chance.sample(ids, 12):
            inbox.read[one] = inbox.received[one]
        inbox.write(chance.choice(ids), chance.uniform(0, 600))
        assert inbox.found(chance.choice([1, 3, 50])) == inbox.expected()


def test_what_is_known_to_be_read_is_not_looked_at_again(inbox: Inbox) -> None:
    ids = [inbox.open(seconds_ago=2_000 + 30 * number) for number in range(30)]
    inbox.read = dict(inbox.received)
    inbox.read[ids[-1]] = 0
    assert inbox.found(5) == [ids[-1]]
    assert inbox.pages > 1
    inbox.asked = 0

    assert inbox.found(5) == [ids[-1]]
    assert (inbox.pages, inbox.asked) == (1, 1)

    inbox.write(ids[3], seconds_ago=0)
    assert inbox.found(5) == [ids[3], ids[-1]]
    assert inbox.pages == 1
