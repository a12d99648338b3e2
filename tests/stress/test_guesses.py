"""10,000 guesses of one account's password from 1,000 addresses leave its owner where they are."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.e2e.service import PASSWORD, Service, running

pytestmark = [pytest.mark.stress, pytest.mark.timeout(900)]

ADDRESSES = 1000
GUESSES_EACH = 10
GUESSERS = 8
HOME, ELSEWHERE = "198.51.100.1", "203.0.113.1"
EMAIL = "dora@example.com"


def test_the_owner_signs_in_where_they_usually_do(
    place: Path, record_property: Callable[[str, object], None]
) -> None:
    with running(place, TRUSTED_PROXIES=1, LOG_LEVEL="ERROR") as service:
        account = {"name": "Dora", "email": EMAIL, "password": PASSWORD}
        registered = service.http.post("/auth/register", json=account, headers={"X-Forwarded-For": HOME})
        assert registered.status_code == 201, registered.text
        owner: list[int] = []

        def guess(number: int) -> list[int]:
            address = f"10.9.{number // 250}.{number % 250}"
            with service.http as http:
                answers = [login(http, address, f"wrong password {n}") for n in range(GUESSES_EACH)]
                if number % 100 == 0:
                    owner.append(login(http, HOME, PASSWORD).status_code)
            for answer in answers:
                assert answer.status_code == 401 or int(answer.headers["Retry-After"]) > 0
            return [answer.status_code for answer in answers]

        with ThreadPoolExecutor(GUESSERS) as guessers:
            statuses = Counter(status for some in guessers.map(guess, range(ADDRESSES)) for status in some)

        assert set(owner) == {200}
        assert set(statuses) == {401, 429}
        assert statuses[401] <= 110  # those that came at once may each be the hundredth
        assert status_at(service, HOME) == 200
        assert status_at(service, ELSEWHERE) == 429
    figures = {"guesses": statuses.total(), "looked_at": statuses[401], "owner_let_in": len(owner) + 1}
    record_property("guesses", figures)


def login(http: httpx.Client, address: str, password: str) -> httpx.Response:
    body = {"email": EMAIL, "password": password}
    return http.post("/auth/login", json=body, headers={"X-Forwarded-For": address})


def status_at(service: Service, address: str) -> int:
    with service.http as http:
        return login(http, address, PASSWORD).status_code
