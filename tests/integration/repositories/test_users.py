"""The collection `users`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.errors import ConflictError
from app.domain.ids import new_id
from app.domain.users import User
from app.repositories.users import UserRepository
from app.wiring.repositories import Repositories
from tests.fakes.database import dialect_of_tests, scratch_database
from tests.integration.rows import World

_PEOPLE = list(enumerate(["Zé", "ZE DA SILVA", "Ana", "Bia", "Cid", "Davi"]))


def test_a_user_comes_back_as_stored(world: World, rows: Repositories) -> None:
    user = world.user(name="Ana María 🥖", is_admin=True)
    rows.users.add(user)

    assert rows.users.by_id(user.id) == user
    assert rows.users.by_email(user.email) == user


def test_nobody_is_made_up(rows: Repositories) -> None:
    assert rows.users.by_id(new_id()) is None
    assert rows.users.by_email("nobody@example.com") is None


@pytest.mark.parametrize(("stored", "asked"), [("Ana", "aNA"), ("straße", "STRASSE"), ("ação", "ac\u0327a\u0303o")])
def test_an_address_is_theirs_in_any_case(world: World, rows: Repositories, stored: str, asked: str) -> None:
    domain = f"@{new_id()}.com"
    user = world.user(email=stored + domain)
    rows.users.add(user)

    assert rows.users.by_email(asked + domain) == user
    with pytest.raises(ConflictError) as taken:
        rows.users.add(world.user(email=asked + domain))
    assert taken.value.code == "email_taken"


@pytest.mark.not_mongomock("Its writes are not atomic.")
def test_of_many_at_once_one_is_the_first(world: World, database_uri: str) -> None:
    with scratch_database(database_uri) as database:
        users = UserRepository(database, dialect_of_tests())
        users.ensure_indexes()
        assert not users.any_exists()

        with ThreadPoolExecutor(16) as threads:
            won = list(threads.map(lambda _: users.add_first(world.user()), range(16)))

        assert sum(won) == 1
        assert users.any_exists()


def test_pages_show_everybody_newest_first(database_uri: str, world: World) -> None:
    with scratch_database(database_uri) as database:
        users = UserRepository(database, dialect_of_tests())
        users.ensure_indexes()
        everybody = [world.user(is_admin=number % 3 == 0) for number in range(7)]
        for user in everybody:
            users.add(user)
        first = users.page(None, 4)
        rest = users.page(first[-1].id, 4)

    assert first + rest == everybody[::-1]


def test_administrators_are_those_by_row_and_by_address_who_are_not_blocked(
    database_uri: str, world: World
) -> None:
    with scratch_database(database_uri) as database:
        users = UserRepository(database, dialect_of_tests())
        ada, blocked, chef, ana = (
            world.user(is_admin=True),
            world.user(is_admin=True, blocked=True),
            world.user(email="Chef@example.com"),
            world.user(),
        )
        for user in (ada, blocked, chef, ana):
            users.add(user)

        assert {user.id for user in users.administrators(["chef@EXAMPLE.com"])} == {ada.id, chef.id}
        assert users.administrators([]) == [ada]


def test_a_change_is_made_once_and_blocking_ends_all_tokens(world: World, rows: Repositories) -> None:
    user = world.user(kept_token="1")
    rows.users.add(user)

    assert rows.users.change(user, is_admin=False, blocked=True)
    assert not rows.users.change(user, is_admin=True, blocked=False)

    found = rows.users.by_id(user.id)
    assert found is not None
    assert (found.blocked, found.is_admin, found.token_generation, found.kept_token) == (True, False, 1, None)
    assert rows.users.change(found, is_admin=True, blocked=False)
    assert rows.users.change(replace(found, is_admin=True, blocked=False), is_admin=False, blocked=False)


def test_a_user_can_be_removed(world: World, rows: Repositories) -> None:
    user = world.user()
    rows.users.add(user)
    rows.users.remove(user.id)

    assert rows.users.by_id(user.id) is None


def test_a_search_looks_through_a_bounded_number_and_goes_on(database_uri: str) -> None:
    with scratch_database(database_uri) as database:
        dialect: Any = dialect_of_tests()
        dialect.most_searched = 4
        users = UserRepository(database, dialect)
        users.ensure_indexes()
        people = [User(new_id(), name, f"{i}@example.com", "x", False, datetime.now(UTC)) for i, name in _PEOPLE]
        for person in people:
            users.add(person)

        first = users.search("zé", None, 10)
        second = users.search("zé", first.next_before, 10)

    assert (list(first.users), first.next_before) == ([], people[2].id)
    assert ([one.id for one in second.users], second.next_before) == ([people[1].id, people[0].id], None)
