"""Moving windows in a real Redis, where there is one to start."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.domain.ids import new_id
from app.domain.rate_limits import RateLimit
from app.security.redis_windows import RedisWindows
from tests.e2e.service import free_port
from tests.fakes.redis_server import redis_server

LIMIT = RateLimit("messages", 3, 60)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("redis")
    with redis_server(folder) as url:
        yield url


def test_processes_share_a_limit(redis_url: str) -> None:
    caller, processes = new_id(), [RedisWindows(redis_url), RedisWindows(redis_url)]

    taken = [processes[number % 2].take(LIMIT, caller) for number in range(5)]

    assert [usage.is_allowed for usage in taken] == [True, True, True, False, False]
    assert [usage.remaining for usage in taken] == [2, 1, 0, 0, 0]
    assert all(50 < usage.seconds <= 60 for usage in taken)


def test_the_window_moves(redis_url: str) -> None:
    caller, windows, limit = new_id(), RedisWindows(redis_url), RateLimit("messages", 1, 1)
    assert windows.take(limit, caller).is_allowed
    assert not windows.take(limit, caller).is_allowed

    time.sleep(1.1)

    assert windows.take(limit, caller).is_allowed


def test_limits_are_counted_apart(redis_url: str) -> None:
    caller, windows = new_id(), RedisWindows(redis_url)
    windows.take(RateLimit("messages", 1, 60), caller)

    assert windows.take(RateLimit("reads", 1, 60), caller).is_allowed


def test_a_redis_that_is_away_is_said_so() -> None:
    windows = RedisWindows(f"redis://127.0.0.1:{free_port()}/0")

    with pytest.raises(UnavailableError, match="QUEUE_URL"):
        windows.take(LIMIT, new_id())


def test_a_redis_that_hangs_holds_nobody_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        windows = RedisWindows(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()

        with pytest.raises(UnavailableError):
            windows.take(LIMIT, new_id())

    assert time.monotonic() - began < 5  # 0.25 s on a quiet machine
