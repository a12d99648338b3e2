"""The collection `administrator_removals`."""

from datetime import timedelta

from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def test_a_removal_is_announced_until_it_ends_or_expires(world: World, rows: Repositories) -> None:
    removals, now = rows.administrator_removals, world.now()
    ended, expired, open_, user_ids = new_id(), new_id(), new_id(), [new_id() for _ in range(3)]
    removals.announce(ended, user_ids[0], now + timedelta(minutes=10))
    removals.announce(expired, user_ids[1], now)
    removals.announce(open_, user_ids[2], now + timedelta(minutes=10))
    assert set(user_ids[::2]) <= removals.announced(now)

    removals.end(ended)

    assert removals.announced(now).intersection(user_ids) == {user_ids[2]}
    removals.end(open_)
