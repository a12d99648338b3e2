"""The collection `contacts`."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.contacts import Contact
from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.query_plans import stages
from tests.integration.rows import World


def a_contact(world: World, **values: Any) -> Contact:
    """A contact that is not stored yet."""
    new = Contact(
        new_id(), new_id(), new_id(), "Maria", "+5513988593464", new_id(), world.now(), (f"lid:{new_id()}",)
    )
    return replace(new, **values)


def stored(world: World, **values: Any) -> Contact:
    contact = a_contact(world, **values)
    assert world.rows.contacts.add(contact)
    return contact


def test_a_contact_is_found_by_each_of_its_keys_in_its_assistant(world: World, rows: Repositories) -> None:
    contact = stored(world, keys=("phone:5513988593464", "lid:c:7"))

    for key in contact.keys:
        assert rows.contacts.with_key(contact.assistant_id, key) == contact
        assert rows.contacts.with_key(new_id(), key) is None
    assert rows.contacts.with_key(contact.assistant_id, "lid:c:8") is None
    assert rows.contacts.by_id(contact.id) == contact
    assert rows.contacts.by_id(new_id()) is None


@pytest.mark.not_mongomock("It does not keep multikey indexes unique.")
def test_a_key_belongs_to_one_contact_of_an_assistant(world: World, rows: Repositories) -> None:
    first = stored(world, keys=("a", "b"))
    elsewhere = stored(world, keys=("a", "b"))
    second = a_contact(world, assistant_id=first.assistant_id, keys=("c", "b"))

    assert not rows.contacts.add(second)

    assert rows.contacts.by_id(second.id) is None
    assert rows.contacts.with_key(elsewhere.assistant_id, "b") == elsewhere


def test_a_contact_gets_more_keys_each_once(world: World, rows: Repositories) -> None:
    contact = stored(world, keys=("a",))

    assert rows.contacts.extend(contact.id, ["b", "a"], "Ana")

    assert rows.contacts.with_key(contact.assistant_id, "b") == replace(contact, keys=("a", "b"), name="Ana")


@pytest.mark.not_mongomock("It does not keep multikey indexes unique.")
def test_no_contact_gets_the_key_of_another_one(world: World, rows: Repositories) -> None:
    first = stored(world, keys=("a",))
    second = stored(world, assistant_id=first.assistant_id, keys=("b",))

    assert not rows.contacts.extend(second.id, ["c", "a"], "Ana")

    assert rows.contacts.by_id(second.id) == second
    assert rows.contacts.with_key(first.assistant_id, "c") is None


def test_a_merged_contact_keeps_its_keys_and_gets_no_more(world: World, rows: Repositories) -> None:
    older = stored(world)
    younger = stored(world, assistant_id=older.assistant_id, keys=("b",))

    assert rows.contacts.merge(younger.id, older.id)

    merged = replace(younger, merged_into=older.id)
    assert rows.contacts.with_key(older.assistant_id, "b") == merged
    assert not rows.contacts.merge(younger.id, new_id())
    assert not rows.contacts.extend(younger.id, ["c"], None)
    assert rows.contacts.by_id(younger.id) == merged


def test_nothing_is_merged_or_extended_that_is_gone(rows: Repositories) -> None:
    assert not rows.contacts.merge(new_id(), new_id())
    assert not rows.contacts.extend(new_id(), ["a"], None)


def test_a_contact_is_separated_from_the_one_it_was_found_merged_into(world: World, rows: Repositories) -> None:
    contact, older, other = stored(world), new_id(), new_id()
    rows.contacts.merge(contact.id, older)

    rows.contacts.separate(replace(contact, merged_into=other))
    assert rows.contacts.by_id(contact.id) == replace(contact, merged_into=older)

    rows.contacts.separate(replace(contact, merged_into=older))
    assert rows.contacts.by_id(contact.id) == contact


def test_contacts_follow_their_assistant(world: World, rows: Repositories) -> None:
    assistant_id, owner_id, other = new_id(), new_id(), stored(world)
    contacts = [stored(world, assistant_id=assistant_id) for _ in range(3)]

    rows.contacts.change_owner(assistant_id, owner_id)
    assert [rows.contacts.by_id(one.id) for one in contacts] == [
        replace(one, owner_id=owner_id) for one in contacts
    ]

    rows.contacts.delete_of_assistant(assistant_id)
    assert [rows.contacts.by_id(one.id) for one in contacts] == [None] * 3
    assert rows.contacts.by_id(other.id) == other


def test_a_contact_goes_with_its_conversation_and_all_that_was_merged_into_it(
    world: World, rows: Repositories
) -> None:
    contact, other = stored(world), stored(world)
    merged = [stored(world, assistant_id=contact.assistant_id) for _ in range(3)]
    for younger, older in zip(merged, [contact, contact, merged[0]], strict=True):
        assert rows.contacts.merge(younger.id, older.id)

    assert rows.contacts.delete_of_conversation(contact.conversation_id, new_id()) == 4

    assert [rows.contacts.by_id(one.id) for one in (contact, *merged)] == [None] * 4
    assert rows.contacts.by_id(other.id) == other
    assert rows.contacts.delete_of_conversation(contact.conversation_id, new_id()) == 0


def test_who_writes_again_after_an_erasure_stays(world: World, rows: Repositories) -> None:
    before = new_id()
    contact = stored(world)

    assert rows.contacts.delete_of_conversation(contact.conversation_id, before) == 0

    assert rows.contacts.by_id(contact.id) == contact


@pytest.mark.not_mongomock("It explains nothing.")
@pytest.mark.parametrize(
    "wanted",
    [
        {"assistant_id": 1, "keys": "a"},
        {"conversation_id": 1, "_id": {"$lt": 1}},
        {"merged_into": 1},
    ],
)
def test_every_question_has_an_index(world: World, wanted: dict[str, Any]) -> None:
    stored(world)

    assert "COLLSCAN" not in stages(world.database["contacts"].find(wanted).explain())
