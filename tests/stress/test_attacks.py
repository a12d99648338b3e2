"""Clients that take what they can get: health, dashboards and other tenants' customers do not feel it."""

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.e2e.service import Service, free_port, running
from tests.stress import attackers
from tests.stress.conftest import make_place
from tests.stress.neighbour import Neighbour, assert_unmoved, neighbour_of

pytestmark = [pytest.mark.stress, pytest.mark.timeout(300)]

LOOKS = 25
MEGABYTE = 1024 * 1024
CREATE_APP = ["--call", "main:create_app"]

Record = Callable[[str, object], None]


@dataclass
class Street:
    """A service, who attacks it, and who lives next door."""

    service: Service
    neighbour: Neighbour
    assistant_id: str
    api_key: str


@pytest.fixture(scope="module", autouse=True)
def _many_sockets() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, bundled_models: Path) -> Iterator[Street]:
    place = make_place(tmp_path_factory.mktemp("street") / "service", bundled_models)
    with running(place, LOG_LEVEL="ERROR") as service, neighbour_of(service) as neighbour:
        assistant = service.make_assistant()
        yield Street(service, neighbour, assistant["_id"], assistant["api_key"])


def unread_pipeline(street: Street) -> AbstractContextManager[None]:
    """64 connections that ask for 500 KB and more in one packet, and read nothing of it."""
    request = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 100
    return attackers.unread(street.service, 64, request)


def unread_downloads(street: Street) -> AbstractContextManager[None]:
    """64 downloads of 24 MB of which nothing is read."""
    document = street.service.upload(street.assistant_id, b"a,b\n" * (6 * MEGABYTE), "grande.csv")
    path = f"/documents/download/{document['_id']}"
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {street.service.token}\r\n\r\n"
    return attackers.unread(street.service, 64, request.encode())


def slow_connections(street: Street) -> AbstractContextManager[None]:
    """360 connections that send their headers a byte at a time."""
    return attackers.slow(street.service, 360)


def idle_connections(street: Street) -> AbstractContextManager[None]:
    """1,379 connections that say nothing."""
    return attackers.idle(street.service, 1379)


@pytest.mark.parametrize("attack", [unread_pipeline, slow_connections, idle_connections, unread_downloads])
def test_nobody_else_feels_it(
    street: Street, record_property: Record, attack: Callable[[Street], AbstractContextManager[None]]
) -> None:
    usual = street.neighbour.watch(LOOKS)
    with attack(street):
        during = street.neighbour.watch(LOOKS)

    record_property("attacks", {attack.__name__: assert_unmoved(usual, during)})


def test_no_body_is_stored_for_who_has_no_credentials(street: Street, record_property: Record) -> None:
    usual = street.neighbour.watch(LOOKS)
    process = psutil.Process(street.service.process.pid)
    before = process.io_counters().write_chars
    with attackers.anonymous_bodies(street.service, 12, 49 * MEGABYTE):
        during = street.neighbour.watch(LOOKS)
    written = process.io_counters().write_chars - before

    assert written < 5 * MEGABYTE
    record_property("attacks", {"anonymous_bodies": assert_unmoved(usual, during) | {"written_bytes": written}})


@pytest.mark.parametrize("attack", [slow_connections, idle_connections, unread_pipeline])
def test_waitress_serve_is_bounded_as_well(
    tmp_path: Path, bundled_models: Path, attack: Callable[[Street], AbstractContextManager[None]]
) -> None:
    port = free_port()
    place = make_place(tmp_path / "service", bundled_models)
    command = [sys.executable, "-m", "waitress", f"--port={port}", *CREATE_APP]
    with running(place, command, PORT=port) as service, neighbour_of(service) as neighbour:
        usual = neighbour.watch(LOOKS)
        with attack(Street(service, neighbour, "", "")):
            during = neighbour.watch(LOOKS)

    assert_unmoved(usual, during)
