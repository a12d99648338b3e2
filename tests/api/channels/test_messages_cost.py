"""What a message by a channel asks of the database."""

import threading
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from app.domain.channels import ChannelKind
from app.domain.ids import new_id
from app.repositories.dialect import MongoDialect
from app.services.channels.provider import Provider
from tests.api.channels.conftest import Line, new_channel, until
from tests.api.channels.test_messages import phone
from tests.api.house import open_house
from tests.fakes.database import dialect_of_tests
from tests.fakes.provider import FakeFields, FakeProvider, message

# The event, its item, its mark; what waits, and the assistant; the four of every message; the part as one that is
# being sent, who answers by now, what became of it, and that on the chat; the item's mark.
MOST_COMMANDS = 14
# Where several processes share the database, or a contact is new: who the contact is, and whose turn it is, twice.
MOST_MORE_IF_SHARED = 3
# The channel, as it was a second ago, by its webhook's id and by its own.
MOST_OF_CHANNEL = 2
THREADS = ("channel events", "inbox", "outbox", "MainThread")


class CommandLog(CommandListener):
    """Keeps the name and the collection of every command of these threads, but for their looks for what is due."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, str]] = []

    def started(self, event: CommandStartedEvent) -> None:
        is_look = "next_at" in event.command.get("filter", {})
        if threading.current_thread().name in THREADS and not is_look:
            self.commands.append((event.command_name, str(event.command.get(event.command_name))))

    def succeeded(self, event: object) -> None:
        """Not asked for."""

    def failed(self, event: object) -> None:
        """Not asked for."""


def test_a_message_takes_few_commands(database_uri: str, tmp_path: Path) -> None:
    log, name, provider = CommandLog(), f"test_{new_id()}", FakeProvider()
    client: MongoClient[dict[str, Any]] = MongoClient(database_uri, tz_aware=True, event_listeners=[log])
    kinds = {ChannelKind.TELEGRAM: Provider(provider, FakeFields())}
    provider.window_hours = 24
    contact, taken = phone(), []
    with open_house(client[name], tmp_path, providers=kinds) as house:
        house.register("Ana", "ana@example.com")
        ana = house.sign_in("ana@example.com")
        line = Line(ana, new_channel(ana, ana.make_assistant()["_id"]))
        for number in range(4):
            log.commands.clear()
            line.post([message(number, f"Pergunta {number}", contact)])
            until(lambda: log.commands.count(("update", "inbox")))
            taken.append([one for one in log.commands if one != ("find", "channels")])
            assert len(log.commands) - len(taken[-1]) <= MOST_OF_CHANNEL, log.commands
    client.drop_database(name)
    client.close()

    most = MOST_COMMANDS + (MOST_MORE_IF_SHARED if isinstance(dialect_of_tests(), MongoDialect) else 0)
    assert len(provider.texts(contact)) == 4
    assert all(len(commands) <= most for commands in taken[2:]), taken
