"""The collection `login_attempts`."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World

WINDOW = timedelta(minutes=15)


def test_attempts_are_counted_within_a_window(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()

    counted = [rows.attempts.count(key, now + timedelta(minutes=minutes), WINDOW) for minutes in (0, 5, 14)]

    assert counted == [(number, now + WINDOW) for number in (1, 2, 3)]


def test_a_window_that_has_passed_counts_no_more(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()
    rows.attempts.count(key, now, WINDOW)

    assert rows.attempts.count(key, now + WINDOW, WINDOW) == (1, now + 2 * WINDOW)


def test_a_clock_set_back_locks_nobody_out(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()
    for _ in range(20):
        rows.attempts.count(key, now + timedelta(hours=5), WINDOW)

    assert rows.attempts.count(key, now, WINDOW) == (1, now + WINDOW)


def test_who_came_a_moment_earlier_and_counts_later_takes_nothing_back(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()
    rows.attempts.count(key, now + timedelta(seconds=1), WINDOW)

    assert rows.attempts.count(key, now, WINDOW)[0] == 2


def test_keys_do_not_mix(world: World, rows: Repositories) -> None:
    rows.attempts.count(new_id(), world.now(), WINDOW)

    assert rows.attempts.count(new_id(), world.now(), WINDOW)[0] == 1


@pytest.mark.not_mongomock("Its writes are not atomic.")
def test_no_attempt_is_lost_among_many(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()
    rows.attempts.count(key, now - 2 * WINDOW, WINDOW)

    with ThreadPoolExecutor(16) as threads:
        counted = list(threads.map(lambda _: rows.attempts.count(key, now, WINDOW)[0], range(64)))

    assert max(counted) == 64
    assert rows.attempts.count(key, now, WINDOW)[0] == 65


def test_an_attempt_can_be_taken_back_but_not_one_that_never_was(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()
    rows.attempts.count(key, now, WINDOW)
    for _ in range(3):
        rows.attempts.take_back(key)

    assert rows.attempts.count(key, now, WINDOW)[0] == 1


def test_a_key_can_start_anew(world: World, rows: Repositories) -> None:
    key, now = new_id(), world.now()
    for _ in range(3):
        rows.attempts.count(key, now, WINDOW)

    rows.attempts.forget(key)

    assert rows.attempts.count(key, now, WINDOW)[0] == 1
