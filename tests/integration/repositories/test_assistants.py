"""The collection `assistants`."""

from dataclasses import replace
from datetime import timedelta

from bson import ObjectId

from app.domain.assistants import AssistantSettings, WhenUnavailable
from app.domain.ids import new_id
from app.repositories.assistants import AssistantRepository
from app.repositories.keys import KeyRepository
from app.security.keys import KeyVault
from app.wiring.repositories import Repositories
from tests.fakes.database import dialect_of_tests
from tests.integration.rows import World


def test_an_assistant_comes_back_as_stored(world: World, rows: Repositories) -> None:
    assistant = world.assistant(name="Padaria 🥖", api_key=KeyVault.create())

    assert rows.assistants.by_id(assistant.id) == assistant
    assert rows.assistants.by_id(new_id()) is None


def test_a_key_is_hashed_and_encrypted_at_rest(world: World) -> None:
    assistant = world.assistant(api_key=KeyVault.create())

    row = world.database["assistants"].find_one({"_id": ObjectId(assistant.id)})

    assert row is not None
    assert assistant.api_key not in repr(row)


def test_those_that_exist_are_told_from_those_that_do_not(world: World, rows: Repositories) -> None:
    there, deleted = world.assistant(), world.assistant()
    rows.assistants.mark_deleted(deleted.id, world.now())

    assert rows.assistants.existing({there.id, deleted.id, new_id()}) == {there.id}
    assert rows.assistants.existing([]) == set()


def test_under_another_secret_a_key_works_but_is_not_shown(world: World) -> None:
    assistant = world.assistant(api_key=KeyVault.create())
    vault = KeyVault("another secret, long enough to be one")
    moved = AssistantRepository(world.database, vault, dialect_of_tests())

    assert moved.by_id(assistant.id) == replace(assistant, api_key="")
    assert KeyRepository(world.database, vault).holder_of(assistant.api_key) is not None


def test_pages_hold_one_owners_newest_first(world: World, rows: Repositories) -> None:
    owner = new_id()
    made = [world.assistant(owner_id=owner) for _ in range(5)]
    world.assistant()

    assert rows.assistants.page(owner, None, 3) == made[:1:-1]
    assert rows.assistants.page(owner, made[2].id, 3) == made[1::-1]
    assert rows.assistants.page(owner, made[0].id, 3) == []
    assert rows.assistants.page(None, None, 2)[1] == made[4]


def test_changes(world: World, rows: Repositories) -> None:
    assistant, owner = world.assistant(), new_id()

    rows.assistants.configure(assistant.id, {"name": "Outra"}, {})
    rows.assistants.change_owner(assistant.id, owner, world.now())
    rows.assistants.set_prompt(assistant.id, "Seja breve.")
    rows.assistants.knowledge_changed(assistant.id)
    rows.assistants.knowledge_changed(assistant.id)

    expected = replace(assistant, name="Outra", owner_id=owner, prompt="Seja breve.", knowledge_version=2)
    assert rows.assistants.by_id(assistant.id) == expected


def test_settings_come_back_as_stored(world: World, rows: Repositories) -> None:
    settings = AssistantSettings(
        1.5, 12.0, WhenUnavailable.MESSAGE, "Já voltamos.", "Um momento.", "gpt-5", 0.7, 20
    )
    assistant = world.assistant(settings=settings)

    found = rows.assistants.by_id(assistant.id)

    assert found == assistant
    assert isinstance(found.settings.when_unavailable, WhenUnavailable)


def test_only_the_settings_that_are_named_change(world: World, rows: Repositories) -> None:
    assistant = world.assistant(settings=AssistantSettings(model="gpt-5", history_turns=3))

    rows.assistants.configure(assistant.id, {}, {"temperature": 1.0, "history_turns": None})
    rows.assistants.configure(assistant.id, {}, {"when_unavailable": WhenUnavailable.EXTRACTIVE})
    rows.assistants.configure(assistant.id, {}, {})

    expected = AssistantSettings(model="gpt-5", temperature=1.0, when_unavailable=WhenUnavailable.EXTRACTIVE)
    assert rows.assistants.by_id(assistant.id) == replace(assistant, settings=expected)


def test_an_assistant_from_before_there_were_settings_has_the_defaults(world: World, rows: Repositories) -> None:
    assistant = world.assistant(settings=AssistantSettings(temperature=1.0))
    world.database["assistants"].update_one({"_id": ObjectId(assistant.id)}, {"$unset": {"settings": ""}})

    assert rows.assistants.by_id(assistant.id) == replace(assistant, settings=AssistantSettings())

    rows.assistants.configure(assistant.id, {}, {"history_turns": 3})
    assert rows.assistants.by_id(assistant.id) == replace(assistant, settings=AssistantSettings(history_turns=3))


def test_a_change_of_owner_is_remembered_until_it_is_settled(world: World, rows: Repositories) -> None:
    assistant, first = world.assistant(), world.now()
    rows.assistants.change_owner(assistant.id, new_id(), first)
    second = first + timedelta(seconds=1)
    rows.assistants.change_owner(assistant.id, new_id(), second)

    rows.assistants.owner_settled(assistant.id, first)
    assert (assistant.id, second) in [(one.id, when) for one, when in rows.assistants.owner_changed()]

    rows.assistants.owner_settled(assistant.id, second)
    assert assistant.id not in [one.id for one, _ in rows.assistants.owner_changed()]


def test_a_deleted_assistant_is_a_tombstone_only(world: World, rows: Repositories) -> None:
    assistant, now = world.assistant(), world.now()
    rows.assistants.change_owner(assistant.id, assistant.owner_id, now)

    rows.assistants.mark_deleted(assistant.id, now)

    assert rows.assistants.by_id(assistant.id) is None
    assert rows.keys.holder_of(assistant.api_key) is None
    assert rows.assistants.page(assistant.owner_id, None, 9) == []
    assert assistant.id not in [one.id for one, _ in rows.assistants.owner_changed()]
    assert list(rows.assistants.being_deleted(assistant.owner_id)) == [(assistant.id, now)]
    assert (assistant.id, now) in rows.assistants.being_deleted()
    assert assistant.id not in [one for one, _ in rows.assistants.being_deleted(new_id())]


def test_nothing_brings_a_deleted_assistant_back(world: World, rows: Repositories) -> None:
    assistant, now = world.assistant(), world.now()
    rows.assistants.mark_deleted(assistant.id, now)

    rows.assistants.configure(assistant.id, {"name": "Outra"}, {})
    rows.assistants.set_prompt(assistant.id, "Seja breve.")
    rows.assistants.mark_deleted(assistant.id, now + timedelta(hours=1))

    assert rows.assistants.by_id(assistant.id) is None
    assert list(rows.assistants.being_deleted(assistant.owner_id)) == [(assistant.id, now)]


def test_only_a_tombstone_can_be_removed(world: World, rows: Repositories) -> None:
    assistant = world.assistant()

    rows.assistants.remove(assistant.id)
    assert rows.assistants.by_id(assistant.id) == assistant

    rows.assistants.mark_deleted(assistant.id, world.now())
    rows.assistants.remove(assistant.id)
    assert list(rows.assistants.being_deleted(assistant.owner_id)) == []
