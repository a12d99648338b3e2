"""A page of assistants and a check of access cost the same at 10 and at 1,000 assistants of 50 members each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandListener, CommandStartedEvent

from app.domain.assistants import Assistant
from app.domain.ids import new_id
from app.domain.permissions import Action
from app.domain.users import User
from app.repositories.assistants import AssistantRepository
from app.security.keys import KeyVault
from app.services.access import Access
from app.wiring.repositories import open_repositories
from bench.access import MEMBERS, share
from tests.fakes.clock import FakeClock
from tests.fakes.database import dialect_of_tests, scratch_database
from tests.integration.rows import NOW, World

PAGE = 10
# The embedded database looks through windows of time that grow by eight; MongoDB examines what it returns.
MOST_EXAMINED = 8 * PAGE


class Finds(CommandListener):
    """Keeps every query."""

    def __init__(self) -> None:
        self.commands: list[Any] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "find":
            self.commands.append(event.command)

    def succeeded(self, event: object) -> None:
        """Not asked for."""

    def failed(self, event: object) -> None:
        """Not asked for."""


class Watched:
    """The assistants of a database, and what reading them makes it do."""

    def __init__(self, database: Database[Any], uri: str) -> None:
        self._database, self._finds = database, Finds()
        self._client: MongoClient[Any] = MongoClient(uri, tz_aware=True, event_listeners=[self._finds])
        vault = KeyVault("a secret for tests, long enough to be one")
        self.assistants = AssistantRepository(self._client[database.name], vault, dialect_of_tests())

    def cost(self, read: Callable[[], object]) -> tuple[int, int]:
        """The number of queries, and of rows that the database examines for them."""
        self._finds.commands.clear()
        read()
        return len(self._finds.commands), sum(self._examined(command) for command in self._finds.commands)

    def _examined(self, command: Any) -> int:
        found = self._database[command["find"]].find(command["filter"], command.get("projection"))
        found = found.sort(list(command.get("sort", {"_id": 1}).items())).limit(command.get("limit", 0))
        return int(found.explain()["executionStats"]["totalDocsExamined"])

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def watched(database_uri: str) -> Iterator[tuple[Watched, Database[Any]]]:
    with scratch_database(database_uri) as database:
        watched = Watched(database, database_uri)
        yield watched, database
        watched.close()


def test_what_reading_costs_does_not_grow(watched: tuple[Watched, Database[Any]]) -> None:
    reading, database = watched
    clock = FakeClock()
    rows = open_repositories(database, dialect_of_tests(), KeyVault("x" * 32), clock)
    rows.ensure_indexes()
    like = World(database, rows, clock).assistant()
    member = User(new_id(), "Bia", "bia@example.com", "$2b$", False, NOW)
    access = Access(reading.assistants)
    shared: list[str] = []

    def page() -> list[Assistant]:
        return reading.assistants.page(member.id, None, PAGE)

    def check() -> Assistant:
        return access.assistant(member, shared[0], Action.READ)

    pages, checks = [], []
    for size in (PAGE, 1000):
        shared += share(database, like.id, member.id, range(len(shared), size))
        assert [one.id for one in page()] == shared[:PAGE]
        pages.append(reading.cost(page))
        checks.append(reading.cost(check))

    assert pages[1][0] == pages[0][0]
    assert max(examined for _, examined in pages) <= MOST_EXAMINED
    assert checks == [(1, 1), (1, 1)]
    assert len(check().members) == MEMBERS
    assert {len(one.members) for one in page()} == {1}
