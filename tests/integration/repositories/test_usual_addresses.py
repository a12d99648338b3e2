"""The collection `usual_addresses`."""

from datetime import timedelta

from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def test_a_key_is_remembered_until_then(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()
    rows.usual_addresses.remember(key, now + timedelta(days=1))

    assert rows.usual_addresses.among((key, new_id()), now) == {key}
    assert rows.usual_addresses.among((key,), now + timedelta(days=1)) == set()


def test_remembering_again_is_remembering_longer(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()
    for days in (1, 2):
        rows.usual_addresses.remember(key, now + timedelta(days=days), new_id())

    assert rows.usual_addresses.among((key,), now + timedelta(days=1)) == {key}


def test_all_keys_of_a_user_are_forgotten_and_no_others(world: World, rows: Repositories) -> None:
    keys, user_id = [new_id() for _ in range(4)], new_id()
    now, until = world.now(), world.now() + timedelta(days=1)
    for key, owner in zip(keys, (user_id, user_id, new_id(), None), strict=True):
        rows.usual_addresses.remember(key, until, owner)

    rows.usual_addresses.forget_user(user_id)

    assert rows.usual_addresses.among(keys, now) == set(keys[2:])
