"""The collection `users`."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.errors import ConflictError
from app.domain.ids import new_id
from app.repositories.users import UserRepository
from app.wiring.repositories import Repositories
from tests.fakes.database import scratch_database
from tests.integration.rows import World


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
        users = UserRepository(database)
        users.ensure_indexes()
        assert not users.any_exists()

        with ThreadPoolExecutor(16) as threads:
            won = list(threads.map(lambda _: users.add_first(world.user()), range(16)))

        assert sum(won) == 1
        assert users.any_exists()
