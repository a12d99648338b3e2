"""Clients that take what they can get: health, dashboards and other tenants' customers do not feel it."""

import json
import resource
import select
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.service import Service, free_port, running
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.proxy import Proxy
from tests.fakes.web_server import WebServer
from tests.stress import attackers, proxies
from tests.stress.conftest import make_place
from tests.stress.model import model_of, slow_for
from tests.stress.neighbour import Neighbour, assert_unmoved, neighbour_of

pytestmark = [pytest.mark.stress, pytest.mark.timeout(300)]

LOOKS = 25
MEGABYTE = 1024 * 1024
SLOW = "lento"
SLOW_SECONDS = 1.0
TEXT = "A troca de um produto leva dez dias. " * 500
SMALL = "O prazo de entrega é de cinco dias úteis, e a troca leva dez dias. " * 12
SOON_SECONDS = 6.0
# Of 64 threads half are for what takes long, and one owner has as many of these as are left free.
PAGES_AT_ONCE = 16
# Which the service is willing to ask, and a proxy of ours leads elsewhere.
PUBLIC_ADDRESS = "93.184.215.14"
QUIET: dict[str, Any] = {"LOG_LEVEL": "ERROR"}
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
    with (
        Proxy({PUBLIC_ADDRESS: "127.0.0.1"}) as proxy,
        OpenAIServer(slow_for(SLOW, SLOW_SECONDS)) as model,
        running(
            place, LOG_LEVEL="ERROR", OUTGOING_PROXY=proxy.url, NO_PROXY="127.0.0.1", **model_of(model)
        ) as service,
        neighbour_of(service) as neighbour,
    ):
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


def many_uploads(street: Street) -> AbstractContextManager[object]:
    """70 uploads at once."""
    bodies = [
        f'--b\r\nContent-Disposition: form-data; name="type"\r\n\r\nrag\r\n'
        f'--b\r\nContent-Disposition: form-data; name="assistant_id"\r\n\r\n{street.assistant_id}\r\n'
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{number}.md"\r\n\r\n{TEXT}\r\n--b--\r\n'
        for number in range(70)
    ]
    headers = {
        "Authorization": f"Bearer {street.service.token}",
        "Content-Type": "multipart/form-data; boundary=b",
    }
    return attackers.all_at_once(street.service, "/documents/add", headers, bodies)


def many_messages(street: Street) -> AbstractContextManager[object]:
    """80 messages of one customer at once."""
    message = {"id": "+5511999990000", "message_service": "Whatsapp", "message": SLOW}
    bodies = [json.dumps({**message, "message_id": str(number)}) for number in range(80)]
    headers = {"X-API-Key": street.api_key}
    return attackers.all_at_once(street.service, "/chats/enviarMensagemLLM", headers, bodies)


@contextmanager
def dripping_pages(street: Street) -> Iterator[None]:
    """70 pages at once whose server sends them a byte at a time."""

    def drip(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        while True:
            client.sendall(b"a")
            time.sleep(0.5)

    paths = [f"/{number}" for number in range(70)]
    with WebServer(dict.fromkeys(paths, drip), host="127.0.0.1") as web:
        pages = [f"http://{PUBLIC_ADDRESS}:{web.port}{path}" for path in paths]
        bodies = [json.dumps({"url": page, "assistant_id": street.assistant_id}) for page in pages]
        headers = {"Authorization": f"Bearer {street.service.token}"}
        with attackers.all_at_once(street.service, "/documents/addUrl", headers, bodies):
            yield
            assert len(web.requests) == PAGES_AT_ONCE


ATTACKS = [
    unread_pipeline,
    slow_connections,
    idle_connections,
    unread_downloads,
    many_messages,
    many_uploads,
    dripping_pages,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nobody_else_feels_it(
    street: Street, record_property: Record, attack: Callable[[Street], AbstractContextManager[object]]
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


def test_large_documents_keep_no_other_tenant_waiting(
    tmp_path: Path, bundled_models: Path, record_property: Record
) -> None:
    place = make_place(tmp_path / "service", bundled_models)
    with running(place, **QUIET) as service, neighbour_of(service) as neighbour:
        assistant_id = service.make_assistant()["_id"]
        usual = statistics.median(neighbour.upload(f"{number}.md", SMALL) for number in range(3))
        for number in range(6):
            large = "\n\n".join(f"{number} Parte {part}: {SMALL}" for part in range(2000))
            service.upload(assistant_id, large.encode(), f"grande-{number}.md")
        during = statistics.median(neighbour.upload(f"outro-{number}.md", SMALL) for number in range(3))
        left = [one["status"] for one in service.http.get("/documents/list").json() if one["size"] > MEGABYTE]

    assert left.count("ready") <= 3  # they are still being worked on
    figures = {"usual": round(usual, 2), "during": round(during, 2)}
    assert during <= max(2 * usual, SOON_SECONDS), figures
    record_property("attacks", {"large_documents": figures})


@pytest.mark.parametrize("attack", [slow_connections, idle_connections, unread_pipeline])
def test_waitress_serve_is_bounded_as_well(
    tmp_path: Path, bundled_models: Path, attack: Callable[[Street], AbstractContextManager[object]]
) -> None:
    port = free_port()
    place = make_place(tmp_path / "service", bundled_models)
    command = [sys.executable, "-m", "waitress", f"--port={port}", *CREATE_APP]
    with running(place, command, PORT=port) as service, neighbour_of(service) as neighbour:
        usual = neighbour.watch(LOOKS)
        with attack(Street(service, neighbour, "", "")):
            during = neighbour.watch(LOOKS)

    assert_unmoved(usual, during)


@pytest.mark.parametrize("attack", [slow_connections, idle_connections, unread_downloads])
@pytest.mark.parametrize("proxy", [proxies.nginx, proxies.caddy])
def test_a_proxy_of_the_examples_keeps_it_so(
    tmp_path: Path,
    bundled_models: Path,
    proxy: proxies.Fronted,
    attack: Callable[[Street], AbstractContextManager[object]],
) -> None:
    place = make_place(tmp_path / "service", bundled_models)
    (tmp_path / "proxy").mkdir()
    with (
        running(place, **QUIET, TRUSTED_PROXIES=1) as service,
        proxy(service, tmp_path / "proxy") as fronted,
        neighbour_of(fronted) as neighbour,
    ):
        street = Street(fronted, neighbour, service.make_assistant()["_id"], "")
        usual = neighbour.watch(LOOKS)
        with attack(street):
            during = neighbour.watch(LOOKS)

    assert_unmoved(usual, during)


@pytest.mark.parametrize("proxy", [proxies.nginx, proxies.caddy])
def test_a_proxy_of_the_examples_passes_a_refusal_on_before_the_body(
    tmp_path: Path, bundled_models: Path, proxy: proxies.Fronted
) -> None:
    place = make_place(tmp_path / "service", bundled_models)
    (tmp_path / "proxy").mkdir()
    with (
        running(place, **QUIET, TRUSTED_PROXIES=1) as service,
        proxy(service, tmp_path / "proxy") as fronted,
        attackers.connections(fronted, 1) as (connection,),
    ):
        head = (
            f"POST /documents/add HTTP/1.1\r\nHost: {fronted.url.removeprefix('http://')}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 20000000\r\n\r\n"
        )
        connection.sendall(head.encode())
        sent = 0
        while not select.select([connection], [], [], 0.01)[0]:
            sent += connection.send(b"x" * 65536)
            assert sent < 10 * MEGABYTE

        assert b" 401 " in connection.recv(100)
