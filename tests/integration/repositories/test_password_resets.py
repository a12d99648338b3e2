"""Tokens with which users may choose a new password."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.domain.users import User
from app.wiring.repositories import Repositories
from tests.integration.rows import World

HOUR = timedelta(hours=1)


@pytest.fixture
def user(world: World) -> User:
    user = world.user(kept_token="1")
    world.rows.users.add(user)
    return user


def test_a_token_is_its_users_until_it_expires(world: World, rows: Repositories, user: User) -> None:
    resets, now = rows.password_resets, world.now()
    resets.add(user.id, "a", now + HOUR)

    assert resets.user_of(user.id, "a", now) == user
    assert resets.user_of(user.id, "b", now) is None
    assert resets.user_of(world.user().id, "a", now) is None
    assert resets.user_of(user.id, "a", now + HOUR) is None
    assert not resets.use(user.id, "a", now + HOUR, "$2b$new")


def test_one_of_two_tokens_does_not_lend_the_other_its_time(world: World, rows: Repositories, user: User) -> None:
    now = world.now()
    rows.password_resets.add(user.id, "old", now)
    rows.password_resets.add(user.id, "new", now + HOUR)

    assert rows.password_resets.user_of(user.id, "old", now) is None
    assert rows.password_resets.user_of(user.id, "new", now) == user


def test_a_token_is_used_once_and_ends_everything_else(world: World, rows: Repositories, user: User) -> None:
    now = world.now()
    for token_hash in ("a", "b"):
        rows.password_resets.add(user.id, token_hash, now + HOUR)

    assert rows.password_resets.use(user.id, "a", now, "$2b$new")

    for token_hash in ("a", "b"):
        assert not rows.password_resets.use(user.id, token_hash, now, "$2b$other")
    found = rows.users.by_id(user.id)
    assert found is not None
    assert (found.password_hash, found.token_generation, found.kept_token) == ("$2b$new", 1, None)


@pytest.mark.not_mongomock("Its writes are not atomic.")
def test_of_many_at_once_one_uses_it(world: World, rows: Repositories, user: User) -> None:
    now = world.now()
    rows.password_resets.add(user.id, "a", now + HOUR)

    with ThreadPoolExecutor(8) as threads:
        used = list(threads.map(lambda n: rows.password_resets.use(user.id, "a", now, f"$2b${n}"), range(8)))

    assert sum(used) == 1


def test_the_newest_five_are_kept(world: World, rows: Repositories, user: User) -> None:
    now = world.now()
    for number in range(7):
        rows.password_resets.add(user.id, str(number), now + HOUR)

    good = [n for n in range(7) if rows.password_resets.user_of(user.id, str(n), now)]
    assert good == [2, 3, 4, 5, 6]


def test_a_new_password_makes_them_useless(world: World, rows: Repositories, user: User) -> None:
    now = world.now()
    rows.password_resets.add(user.id, "a", now + HOUR)
    rows.user_tokens.change_password(user, "$2b$new", None)

    assert rows.password_resets.user_of(user.id, "a", now) is None
