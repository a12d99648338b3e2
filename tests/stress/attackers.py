"""Clients that take from a service what they can: each is a context manager, and leaves at its end."""

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict

import httpx

from bench.load import Plan, Report
from tests.e2e.service import PROJECT, Service, environment

_DRIP_SECONDS = 0.5
_ARRIVAL_SECONDS = 0.5
_FLOOD_SECONDS = 1.0
_PATIENCE_SECONDS = 90
_ESTABLISHED = 1  # as Linux numbers the states of TCP


@contextmanager
def connections(service: Service, number: int, address: str = "127.0.0.1") -> Iterator[list[socket.socket]]:
    """So many connections."""
    port = httpx.URL(service.url).port or 80
    with ExitStack() as opened:
        yield [
            opened.enter_context(socket.create_connection(("127.0.0.1", port), source_address=(address, 0)))
            for _ in range(number)
        ]


@contextmanager
def unread(service: Service, number: int, request: bytes) -> Iterator[None]:
    """Connections that send this once and read nothing."""
    with _persistent(service, number, request, b""):
        yield


@contextmanager
def slow(service: Service, number: int) -> Iterator[None]:
    """Connections that send a byte of a header now and then (slowloris)."""
    with _persistent(service, number, b"GET / HTTP/1.1\r\nX: ", b"a"):
        yield


@contextmanager
def idle(service: Service, number: int) -> Iterator[None]:
    """Connections that say nothing."""
    with _persistent(service, number, b"", b""):
        yield


@contextmanager
def anonymous_bodies(service: Service, number: int, size: int) -> Iterator[None]:
    """Uploads without credentials, of so many bytes each, as fast as they are taken."""
    head = (
        b"POST /documents/add HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        b"Content-Length: %d\r\n\r\n" % size
    )
    stopping = threading.Event()

    def send() -> None:
        while not stopping.is_set():
            with contextlib.suppress(OSError), connections(service, 1) as (one,):
                one.settimeout(5)
                one.sendall(head)
                for _ in range(size // 65536):
                    one.sendall(b"x" * 65536)
                    if stopping.is_set():
                        return
            stopping.wait(_DRIP_SECONDS)

    with _threads(send, number, stopping):
        yield


@contextmanager
def all_at_once(service: Service, path: str, headers: dict[str, str], bodies: list[str]) -> Iterator[Report]:
    """So many POST requests, from a process of their own; what became of them is reported at the end."""
    plan = Plan(
        port=httpx.URL(service.url).port or 80,
        path=path,
        headers=headers,
        clients=len(bodies),
        seconds=_FLOOD_SECONDS,
        stagger_seconds=_ARRIVAL_SECONDS,
        conversations=[[body] for body in bodies],
    )
    clients = subprocess.Popen(
        [sys.executable, "-m", "bench.load"],
        env=environment(PROJECT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with clients, ThreadPoolExecutor(1) as waiting:
        ended = waiting.submit(clients.communicate, json.dumps(asdict(plan)))
        report = Report()
        yield report
        told, _ = ended.result(_PATIENCE_SECONDS)
        report.answers, report.refused = (json.loads(told)[name] for name in ("answers", "refused"))


@contextmanager
def _threads(run: Callable[[], None], number: int, stopping: threading.Event) -> Iterator[None]:
    threads = [threading.Thread(target=run, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(60)


@contextmanager
def _persistent(service: Service, number: int, first: bytes, later: bytes) -> Iterator[None]:
    """Connections that say something at first and at each step, and come again when they are closed."""
    stopping = threading.Event()
    port = httpx.URL(service.url).port or 80

    def run() -> None:
        opened: list[socket.socket] = []
        while not stopping.wait(_DRIP_SECONDS):
            opened = [one for one in opened if _goes_on(one, later)]
            while len(opened) < number and not stopping.is_set():
                with contextlib.suppress(OSError):
                    opened.append(socket.create_connection(("127.0.0.1", port), timeout=1))
                    opened[-1].setblocking(False)
                    opened[-1].send(first)
        for one in opened:
            one.close()

    with _threads(run, 1, stopping):
        time.sleep(3 * _DRIP_SECONDS)
        yield


def _goes_on(connection: socket.socket, said: bytes) -> bool:
    """Say something; whether the other end has not closed the connection."""
    with contextlib.suppress(BlockingIOError), contextlib.suppress(OSError):
        if connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _ESTABLISHED:
            connection.send(said)
            return True
    connection.close()
    return False
