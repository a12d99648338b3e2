"""POST /chats/enviarMensagemLLM: how much it asks of the database."""

import threading
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from app.domain.ids import new_id
from tests.api.house import open_house

MOST_COMMANDS, MOST_COMMANDS_FIRST = 5, 4
LOOKING_FOR_WORK = ("channel events", "inbox", "outbox", "message search")
"""Threads that ask every second, whatever messages come."""


class CommandLog(CommandListener):
    """Keeps the name and the collection of every command, but for those of threads that look for work."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, str]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if threading.current_thread().name in LOOKING_FOR_WORK:
            return
        self.commands.append((event.command_name, str(event.command.get(event.command_name))))

    def succeeded(self, event: object) -> None:
        """Not asked for."""

    def failed(self, event: object) -> None:
        """Not asked for."""


@pytest.mark.parametrize("message_ids", [False, True])
def test_a_message_takes_few_commands(database_uri: str, tmp_path: Path, message_ids: bool) -> None:
    log, name = CommandLog(), f"test_{new_id()}"
    client: MongoClient[dict[str, Any]] = MongoClient(database_uri, tz_aware=True, event_listeners=[log])
    with open_house(client[name], tmp_path) as house:
        house.register("Ana", "ana@example.com")
        ana = house.sign_in("ana@example.com")
        assistant = ana.make_assistant()
        ana.upload(assistant["_id"], "# Entrega\n\nO prazo é de dois dias.")
        gateway = house.gateway(assistant["api_key"])
        gateway.chat("Oi", channel="+5511000000000")  # the assistant's index is loaded
        taken: list[list[tuple[str, str]]] = []
        for number in range(3):
            log.commands.clear()
            gateway.chat("Qual o prazo?", **({"message_id": str(number)} if message_ids else {}))
            taken.append(list(log.commands))
    client.drop_database(name)
    client.close()

    first, *later = taken
    assert len(first) <= MOST_COMMANDS_FIRST, first
    assert all(len(commands) <= MOST_COMMANDS for commands in later), later
