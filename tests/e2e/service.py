"""A started service: its own process, sockets, database and folders."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

PROJECT = Path(__file__).parents[2]
PASSWORD = "uma senha comprida"
# Tests and benchmarks ask more often than any caller.
_NO_RATE_LIMITS = {
    f"RATE_LIMIT_{name}": "100000/second"
    for name in ("MESSAGES", "SEARCH", "UPLOADS", "REGISTER", "READS", "VISITORS", "VISITOR_MESSAGES")
}
_START_SECONDS = 90
_STOP_SECONDS = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment(folder: Path, **settings: Any) -> dict[str, str]:
    """The environment of a service that keeps everything in `folder` and knows no settings of this machine."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    places = {"DATA_DIR": folder / "data", "DOCUMENTS_DIR": folder / "documents", "PYTHONPATH": PROJECT}
    return inherited | {name: str(value) for name, value in {**places, **_NO_RATE_LIMITS, **settings}.items()}


@dataclass
class Service:
    """A running service and the account of its first user."""

    process: "subprocess.Popen[str]"
    url: str
    token: str = ""

    @property
    def http(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        # Loading the CA certificates each time would cost more than most requests.
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, verify=False)

    def sign_in(self) -> None:
        """Register the first user if need be, and use their token from now on."""
        account = {"email": "ana@example.com", "password": PASSWORD}
        self.http.post("/auth/register", json={"name": "Ana", **account})
        self.token = self.http.post("/auth/login", json=account).json()["token"]

    def make_assistant(self) -> dict[str, Any]:
        return dict(self.http.post("/assistants/add", json={"name": "Loja"}).json())

    def upload(self, assistant_id: str, content: bytes, filename: str, kind: str = "rag") -> dict[str, Any]:
        response = self.http.post(
            "/documents/add",
            files={"file": (filename, content)},
            data={"type": kind, "assistant_id": assistant_id},
        )
        assert response.status_code == 201, response.text
        return dict(response.json())

    def say(self, api_key: str, text: str, channel: str = "+5513988593464") -> httpx.Response:
        body = {"id": channel, "message_service": "Whatsapp", "username": "Maria", "message": text}
        return self.http.post("/chats/enviarMensagemLLM", json=body, headers={"X-API-Key": api_key})

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(_STOP_SECONDS)

    def kill(self) -> None:
        """kill -9, and wait until its children are gone too."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait()
        psutil.wait_procs(children, timeout=20)


def launch(folder: Path, command: list[str] | None = None, **settings: Any) -> Service:
    """Start a service and wait until it is ready."""
    port = settings.setdefault("PORT", free_port())
    process = subprocess.Popen(
        command or [sys.executable, str(PROJECT / "main.py")],
        cwd=folder,
        env=environment(folder, **settings),
        stdout=(folder / "stdout").open("a"),
        stderr=(folder / "stderr").open("a"),
        text=True,
    )
    service = Service(process, f"http://127.0.0.1:{port}")
    _wait_until_ready(service, folder)
    return service


@contextmanager
def running(folder: Path, command: list[str] | None = None, **settings: Any) -> Iterator[Service]:
    """A service that is signed in to, and stopped at the end."""
    service = launch(folder, command, **settings)
    try:
        service.sign_in()
        yield service
    finally:
        if service.process.poll() is None:
            service.stop()


def _wait_until_ready(service: Service, folder: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if service.process.poll() is not None:
            break
        try:
            if service.http.get("/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    service.process.kill()
    raise AssertionError((folder / "stderr").read_text())
