"""TRUSTED_PROXIES over a real socket, with `main.py` and with the documented line for waitress-serve."""

import re
import sys
from pathlib import Path

import pytest

from tests.e2e.service import PROJECT, Service, free_port, launch

_BEHIND_A_PROXY = re.compile(r"^waitress-serve (.*--no-clear-untrusted-proxy-headers.*)$", re.MULTILINE)


def command_of(server: str, port: int) -> list[str] | None:
    """How to start it; None: as `main.py`."""
    if server == "main.py":
        return None
    line = _BEHIND_A_PROXY.search((PROJECT / "docs" / "operations.md").read_text())
    assert line
    flags = [flag for flag in line[1].split() if not flag.startswith("--port")]
    return [sys.executable, "-m", "waitress", f"--port={port}", *flags]


def guesses(service: Service) -> list[int]:
    """Somebody tries a wrong password at 11 addresses, one more than are let pass at one; the statuses."""
    with service.http as http:
        return [
            http.post(
                "/auth/login",
                json={"email": "ana@example.com", "password": "wrong password"},
                headers={"X-Forwarded-For": f"10.0.0.{number}"},
            ).status_code
            for number in range(11)
        ]


@pytest.mark.parametrize("server", [pytest.param("main.py", marks=pytest.mark.stress), "waitress-serve"])
def test_behind_a_proxy_people_are_told_apart_and_links_are_public(place: Path, server: str) -> None:
    port = free_port()
    service = launch(place, command_of(server, port), PORT=port, TRUSTED_PROXIES=1)
    try:
        service.sign_in()
        for _ in range(2):
            service.make_assistant()
        public = {
            "X-Forwarded-For": "10.0.0.1",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "api.example.com",
        }
        answer = service.http.get("/assistants/list?limit=1", headers=public)
        statuses = guesses(service)
    finally:
        service.stop()

    assert answer.headers["Link"].startswith("<https://api.example.com/assistants/list")
    assert statuses == [401] * 11


def test_without_the_setting_the_headers_of_strangers_are_not_believed(place: Path) -> None:
    service = launch(place)
    try:
        statuses = guesses(service)
    finally:
        service.stop()

    assert statuses == [401] * 10 + [429]
