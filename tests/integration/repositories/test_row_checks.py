"""Rows that the service wrote can be read by it; rows that were made up cannot."""

from typing import Any

import pytest

from app.domain.canned_replies import CannedReply
from app.domain.ids import new_id
from app.domain.labels import Label
from app.domain.notes import Note
from app.domain.rows import Row
from app.repositories.row_checks import is_readable
from tests.integration.rows import World

CHECKED = ("users", "assistants", "documents", "conversations", "chats", "notes", "labels", "canned_replies")


@pytest.fixture
def filled(world: World) -> World:
    for name in CHECKED:
        world.database[name].delete_many({})
    world.rows.users.add(world.user())
    world.assistant()
    world.document()
    world.opened(world.chat(world.conversation()))
    ids = [new_id() for _ in range(5)]
    world.rows.notes.add(Note(ids[0], ids[3], ids[4], new_id(), "Rita", "Liga de manhã.", world.now()))
    world.rows.labels.add(Label(ids[1], ids[3], "VIP", "#000000", world.now()))
    world.rows.canned_replies.add(CannedReply(ids[2], ids[3], "oi", "Olá!", world.now()))
    return world


def row_of(world: World, collection: str) -> Row:
    row = world.database[collection].find_one()
    assert row is not None
    return row


def test_what_the_service_wrote_is_readable(filled: World) -> None:
    for collection in CHECKED:
        rows = list(filled.database[collection].find())
        assert rows
        assert [row for row in rows if not is_readable(collection, row)] == []


@pytest.mark.parametrize("collection", CHECKED)
@pytest.mark.parametrize(
    "change", [{"_id": 1}, {"createdAt": "yesterday"}, {"name": 5, "filename": 5, "username": 5, "text": 5}]
)
def test_a_row_with_a_value_of_another_type_is_not(filled: World, collection: str, change: dict[str, Any]) -> None:
    assert not is_readable(collection, {**row_of(filled, collection), **change})


@pytest.mark.parametrize("collection", CHECKED)
def test_a_row_that_lacks_everything_is_not(filled: World, collection: str) -> None:
    assert not is_readable(collection, {"_id": row_of(filled, collection)["_id"]})


def test_what_is_deleted_or_read_by_nobody_passes(filled: World) -> None:
    assert is_readable("assistants", {**row_of(filled, "assistants"), "name": None, "state": "deleting"})
    assert is_readable("whatever", {"_id": 1})
