"""The shard keys that the operations manual names fit the unique indexes."""

import re
from pathlib import Path

import pytest

from tests.integration.rows import World

MANUAL = Path(__file__).parents[3] / "docs" / "operations.md"


def shard_keys() -> dict[str, str]:
    """The field of the shard key of each collection in the manual's table."""
    rows = re.findall(r"^\| (`[^|]+) \| `\{(\w+): [^}]+\}` \|", MANUAL.read_text(), re.MULTILINE)
    return {name: field for names, field in rows for name in re.findall(r"`(\w+)`", names)}


@pytest.mark.parametrize("name", ["chats", "documents", "contacts", "conversations", "chunks", "editions"])
def test_a_unique_index_begins_with_the_shard_key(world: World, name: str) -> None:
    """MongoDB keeps nothing else unique across shards, except `_id` where that is the shard key."""
    field = shard_keys()[name]
    indexes = world.database[name].index_information().values()

    unique = {next(iter(dict(one["key"]))) for one in indexes if one.get("unique")}
    whole = [one for one in indexes if "partialFilterExpression" not in one and not one.get("sparse")]

    assert unique <= {field, "_id"}
    assert field in {next(iter(dict(one["key"]))) for one in whole}
