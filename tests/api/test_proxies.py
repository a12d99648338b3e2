"""TRUSTED_PROXIES"""

from pathlib import Path

import pytest

from app.domain.ids import new_id
from tests.api.house import Caller, House, next_page, open_house
from tests.fakes.database import scratch_database


def guess(caller: Caller, forwarded_for: str) -> int:
    """Try a password of somebody unknown; the status."""
    wrong = {"email": f"{new_id()}@example.com", "password": "wrong password"}
    return caller.post("/auth/login", wrong, headers={"X-Forwarded-For": forwarded_for}).status_code


def test_nobody_escapes_the_throttle_by_a_header(house: House) -> None:
    guesser = Caller(house.client, address="10.3.0.1")

    statuses = [guess(guesser, f"10.4.0.{number}") for number in range(51)]

    assert statuses == [401] * 50 + [429]


def test_behind_a_proxy_callers_are_told_apart(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, trusted_proxies=1) as house,
    ):
        proxy = house.anyone()
        statuses = [guess(proxy, "10.3.0.1") for _ in range(51)]

        assert statuses == [401] * 50 + [429]
        assert guess(proxy, "10.3.0.2") == 401
        assert guess(proxy, "10.3.0.2, 10.3.0.1") == 429


def test_behind_a_proxy_links_name_the_public_address(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, trusted_proxies=1) as house,
    ):
        ana = house.newcomer("Ana")
        for _ in range(2):
            ana.make_assistant()
        public = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.example.com"}

        link = ana.get("/assistants/list?limit=1", headers=public).headers["Link"]
        direct = next_page(ana.get("/assistants/list?limit=1"))

    assert link.startswith("<https://api.example.com/assistants/list?limit=1&cursor=")
    assert direct is not None


def test_behind_two_proxies_the_nearest_tells_the_scheme_and_the_host(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, trusted_proxies=2) as house,
    ):
        ana = house.newcomer("Ana")
        for _ in range(2):
            ana.make_assistant()
        forwarded = {
            "X-Forwarded-For": "10.3.0.9, 10.3.0.2",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "api.example.com",
        }

        link = ana.get("/assistants/list?limit=1", headers=forwarded).headers["Link"]
        statuses = [guess(house.anyone(), f"10.4.0.{number}, 10.3.0.1, 10.3.0.2") for number in range(51)]

    assert link.startswith("<https://api.example.com/")
    assert statuses == [401] * 50 + [429]


def test_one_caller_is_one_whatever_ports_a_proxy_sends_along(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, trusted_proxies=1) as house,
    ):
        proxy = house.anyone()
        for number in range(50):
            assert guess(proxy, f"[2001:db8::1]:{40_000 + number}") == 401

        assert guess(proxy, "2001:db8::1") == 429
        assert guess(proxy, "[2001:db8::2]") == 429  # the same /64, so the same customer of a provider
        assert guess(proxy, "[2001:db8:0:1::1]") == 401
        assert guess(proxy, "10.3.0.1:40000") == 401


def test_headers_that_do_not_arrive_are_warned_of_once(
    database_uri: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, trusted_proxies=1) as house,
    ):
        house.anyone().get("/health")
        guess(house.anyone(), "10.3.0.1")
        assert "TRUSTED_PROXIES" not in caplog.text
        for _ in range(2):
            house.anyone().get("/assistants/list")

    assert caplog.text.count("TRUSTED_PROXIES") == 1
