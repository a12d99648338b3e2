"""CORS_ORIGINS"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.house import Caller, House, open_house
from tests.fakes.database import scratch_database

DASHBOARD = "https://dashboard.example.com"
LOCAL = "http://[::1]:8080"


@pytest.fixture(scope="module")
def open_to_dashboard(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("cors")
    origins = f"{DASHBOARD}, https://other.example.com, {LOCAL}"
    with scratch_database(database_uri) as database, open_house(database, folder, cors_origins=origins) as house:
        yield house


def test_a_named_origin_may_read(open_to_dashboard: House) -> None:
    response = open_to_dashboard.anyone().get("/health", headers={"Origin": DASHBOARD})

    assert response.headers["Access-Control-Allow-Origin"] == DASHBOARD
    exposed = response.headers["Access-Control-Expose-Headers"]
    assert {"RateLimit", "Link", "Location", "Retry-After", "X-Request-ID"} <= set(exposed.split(", "))


def test_an_address_of_ipv6_is_an_origin(open_to_dashboard: House) -> None:
    response = open_to_dashboard.anyone().get("/health", headers={"Origin": LOCAL})

    assert response.headers["Access-Control-Allow-Origin"] == LOCAL


def test_errors_can_be_read_too(open_to_dashboard: House) -> None:
    response = open_to_dashboard.anyone().get("/assistants/list", headers={"Origin": DASHBOARD})

    assert response.status_code == 401
    assert response.headers["Access-Control-Allow-Origin"] == DASHBOARD


def test_a_browser_may_ask_before_it_sends_a_token(open_to_dashboard: House) -> None:
    asked = {
        "Origin": DASHBOARD,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization, content-type",
    }

    response = open_to_dashboard.anyone().request("OPTIONS", "/assistants/update/x", headers=asked)

    assert response.status_code == 200
    assert "PUT" in response.headers["Access-Control-Allow-Methods"]
    assert "authorization" in response.headers["Access-Control-Allow-Headers"].lower()


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.com",
        f"{DASHBOARD}.evil.com",
        "http://dashboard.example.com",
        "https://dashboardXexample.com",
        "null",
        "http://1:8080",  # as a pattern, LOCAL would match it
        f"{LOCAL}.evil.com",
    ],
)
def test_no_other_origin_may(open_to_dashboard: House, origin: str) -> None:
    response = open_to_dashboard.anyone().get("/health", headers={"Origin": origin})

    assert "Access-Control-Allow-Origin" not in response.headers


def test_without_the_setting_nobody_may(anyone: Caller) -> None:
    response = anyone.get("/health", headers={"Origin": DASHBOARD})

    assert "Access-Control-Allow-Origin" not in response.headers
