"""Keys in the rows of assistants."""

from dataclasses import replace
from datetime import timedelta

import pytest
from bson import ObjectId

from app.domain.ids import new_id
from app.domain.keys import FIRST_KEY_SCOPES, first_key
from app.security.keys import KeyVault
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def test_a_key_is_found_with_its_assistant(world: World, rows: Repositories) -> None:
    assistant = world.assistant(api_key=KeyVault.create())

    found = rows.keys.holder_of(assistant.api_key)

    assert found is not None
    assert found[0] == replace(assistant, api_key="")
    assert (found[1].is_first, found[1].scopes) == (True, FIRST_KEY_SCOPES)
    assert assistant.api_key.startswith(found[1].prefix)
    assert rows.keys.holder_of(KeyVault.create()) is None
    assert rows.keys.of_assistant(new_id()) == ((), 0)


def test_of_several_keys_the_one_that_was_sent_is_found(world: World, rows: Repositories) -> None:
    assistant, secret = world.assistant(api_key=KeyVault.create()), KeyVault.create()
    keys, version = rows.keys.of_assistant(assistant.id)
    second = replace(first_key(secret, KeyVault.hash(secret), world.now()), is_first=False, per_minute=7)

    assert rows.keys.replace(assistant.id, (*keys, second), version)

    found = rows.keys.holder_of(secret)
    assert found is not None
    assert found[1] == second
    assert not rows.keys.replace(assistant.id, keys, version)  # others have changed them since
    assert rows.keys.of_assistant(assistant.id) == ((*keys, second), version + 1)


@pytest.mark.not_mongomock("It does not keep multikey indexes unique.")
def test_no_two_assistants_have_one_key(world: World, rows: Repositories) -> None:
    first, second = world.assistant(api_key=KeyVault.create()), world.assistant(api_key=KeyVault.create())
    keys, version = rows.keys.of_assistant(second.id)

    with pytest.raises(Exception, match=r"(?i)duplicate"):
        rows.keys.replace(second.id, (*keys, *rows.keys.of_assistant(first.id)[0]), version)


def test_when_it_was_used_is_kept(world: World, rows: Repositories) -> None:
    assistant, now = world.assistant(), world.now()
    (key,), _ = rows.keys.of_assistant(assistant.id)

    rows.keys.used(assistant.id, key, now)
    rows.keys.used(assistant.id, key, now + timedelta(hours=1))  # another process was first

    assert rows.keys.of_assistant(assistant.id)[0] == (replace(key, last_used_at=now),)


def test_the_key_of_a_row_of_version_0_1_0(world: World, rows: Repositories) -> None:
    assistant = world.assistant(api_key=KeyVault.create())
    old = {"$unset": {"keys": "", "keys_version": ""}, "$set": {"key_hash": KeyVault.hash(assistant.api_key)}}
    world.database["assistants"].update_one({"_id": ObjectId(assistant.id)}, old)

    found = rows.keys.holder_of(assistant.api_key)
    keys, version = rows.keys.of_assistant(assistant.id)
    assert found is not None
    assert (keys, version) == ((found[1],), 0)

    assert rows.keys.replace(assistant.id, keys, version)
    assert rows.keys.of_assistant(assistant.id) == (keys, 1)
    assert rows.keys.holder_of(assistant.api_key) == found
