"""What the sweeps ask of the database when there is nothing to do."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient

from app.domain.ids import new_id
from tests.api.house import open_house
from tests.api.test_messages_cost import CommandLog


def test_a_start_and_a_sweep_delete_nothing_where_there_is_nothing_to_delete(
    database_uri: str, tmp_path: Path
) -> None:
    """After a deletion the embedded database rewrites its store at the next start, which takes a while."""
    log, name = CommandLog(), f"test_{new_id()}"
    client: MongoClient[dict[str, Any]] = MongoClient(database_uri, tz_aware=True, event_listeners=[log])
    with open_house(client[name], tmp_path) as house:
        house.sweep()
    client.drop_database(name)
    client.close()

    assert [collection for command, collection in log.commands if command == "delete"] == []
