"""The gateway in examples/ does what docs/gateway.md says a gateway should do."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from tests.e2e.service import PROJECT, Service, environment, free_port, running
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer

GATEWAY = PROJECT / "examples" / "gateway.py"
PHONE = "+5513988593464"
_HANG_SECONDS = 40


def eventually(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + _HANG_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@dataclass
class Provider:
    """Where the gateway sends to: takes a part, unless the script has another status for it."""

    script: deque[int] = field(default_factory=deque)
    taken: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/send"

    @property
    def texts(self) -> list[str]:
        return [part["text"] for part in self.taken]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                part = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = provider.script.popleft() if provider.script else 200
                (provider.taken if status == 200 else provider.refused).append(part)
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@dataclass
class Gateway:
    """A running gateway, and what is in its folder."""

    process: "subprocess.Popen[bytes]"
    folder: Path
    port: int

    def receive(self, message_id: str, text: str, *, from_me: bool = False, phone: str = PHONE) -> None:
        event = {"message_id": message_id, "phone": phone, "name": "Maria", "text": text, "from_me": from_me}
        assert httpx.post(f"http://127.0.0.1:{self.port}/webhook", json=event).status_code == 200

    @property
    def log(self) -> str:
        return (self.folder / "gateway.log").read_text()

    def tries(self, message_id: str) -> int:
        return int(self._rows("SELECT tries FROM messages WHERE message_id = ?", message_id)[0][0])

    def wait_until_settled(self) -> None:
        eventually(lambda: not self._rows("SELECT 1 FROM messages WHERE state NOT IN ('done', 'failed')"))

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _rows(self, query: str, *values: Any) -> list[Any]:
        rows = sqlite3.connect(self.folder / "gateway.sqlite3")
        try:
            return rows.execute(query, values).fetchall()
        finally:
            rows.close()


@contextmanager
def started(folder: Path, service_url: str, key: str, provider: Provider) -> Iterator[Gateway]:
    port = free_port()
    settings = {"ORQUESTRADORA_URL": service_url, "ORQUESTRADORA_KEY": key, "PROVIDER_SEND_URL": provider.url}
    with (folder / "gateway.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(GATEWAY)],
            cwd=folder,
            env=environment(folder, **settings, GATEWAY_PORT=port),
            stdout=log,
            stderr=log,
        )
    gateway = Gateway(process, folder, port)
    try:
        eventually(lambda: listens(port))
        yield gateway
    finally:
        gateway.kill()


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, bundled_models: Path) -> Path:
    folder = tmp_path_factory.mktemp("service")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(bundled_models)
    return folder


@pytest.fixture(scope="module")
def service(place: Path, model: OpenAIServer) -> Iterator[Service]:
    with running(place, LLM_MODEL="stub", LLM_BASE_URL=model.url, LLM_API_KEY="k") as service:
        yield service


@pytest.fixture
def assistant(service: Service, model: OpenAIServer) -> dict[str, Any]:
    model.requests.clear()
    model.reply = Reply()
    return service.make_assistant()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as server:
        yield server


@pytest.fixture
def gateway(tmp_path: Path, service: Service, assistant: dict[str, Any], provider: Provider) -> Iterator[Gateway]:
    with started(tmp_path, service.url, assistant["api_key"], provider) as running_gateway:
        yield running_gateway


def conversation(service: Service, assistant: dict[str, Any]) -> dict[str, Any]:
    (found,) = service.http.get("/conversations/list", params={"assistant_id": assistant["_id"]}).json()
    return dict(service.http.get(f"/conversations/get/{found['_id']}").json())


def test_a_message_reported_twice_is_answered_once_in_whatsapps_marks(
    gateway: Gateway, provider: Provider, model: OpenAIServer
) -> None:
    model.reply = Reply(text="Custa **R$ 10**.")
    gateway.receive("A1", "Quanto custa?")
    gateway.receive("A1", "Quanto custa?")
    gateway.wait_until_settled()
    gateway.receive("A1", "Quanto custa?")
    gateway.wait_until_settled()
    assert [(part["phone"], part["text"]) for part in provider.taken] == [(PHONE, "Custa *R$ 10*.")]
    assert len(model.chat_requests) == 1


def test_what_it_sent_itself_is_not_taken_for_a_persons(gateway: Gateway, provider: Provider) -> None:
    gateway.receive("A1", "Oi")
    gateway.wait_until_settled()
    gateway.receive(provider.taken[0]["id"], provider.texts[0], from_me=True)
    gateway.receive("A2", "Tudo bem?")
    gateway.wait_until_settled()
    assert len(provider.taken) == 2


def test_what_a_person_wrote_is_recorded_and_nothing_is_sent_over_it(
    gateway: Gateway, provider: Provider, service: Service, assistant: dict[str, Any], model: OpenAIServer
) -> None:
    gateway.receive("P1", "Oi, Maria! Aqui é a Ana.", from_me=True)
    gateway.wait_until_settled()
    gateway.receive("A1", "Oi, Ana!")
    gateway.wait_until_settled()
    shown = conversation(service, assistant)
    assert not shown["active"]
    written = [(turn["message"], turn["response"], turn["by_person"]) for turn in shown["turns"]]
    assert written == [("Oi, Ana!", "", False), ("", "Oi, Maria! Aqui é a Ana.", True)]
    assert not provider.taken
    assert not model.chat_requests
    assert "LOOK" not in gateway.log


def test_a_burst_is_under_way_together_and_gets_one_answer(
    gateway: Gateway, provider: Provider, service: Service, assistant: dict[str, Any], model: OpenAIServer
) -> None:
    service.http.put(f"/assistants/update/{assistant['_id']}", json={"burst_quiet_seconds": 1})
    for number, text in enumerate(("oi", "tudo bem?", "qual o prazo?")):
        gateway.receive(f"A{number}", text)
    gateway.wait_until_settled()
    assert len(provider.taken) == 1
    (asked,) = model.chat_requests
    assert re.search(r"oi\ntudo bem\?\nqual o prazo\?", asked.body["messages"][-1]["content"])


def test_somebody_is_told_of_a_handover_after_the_customer(gateway: Gateway, provider: Provider) -> None:
    gateway.receive("A1", "Quero falar com um atendente")
    gateway.wait_until_settled()
    assert "pessoa da nossa equipe" in provider.texts[0]
    assert f"{PHONE} waits for a person" in gateway.log


def test_a_wrong_key_is_not_tried_again_but_told(tmp_path: Path, service: Service, provider: Provider) -> None:
    with started(tmp_path, service.url, "wrong", provider) as gateway:
        gateway.receive("A1", "Oi")
        gateway.wait_until_settled()
        assert gateway.tries("A1") == 0
        assert "message A1" in gateway.log
        assert "401" in gateway.log
    assert not provider.taken


def test_killed_while_the_model_thinks_it_gets_the_same_answer(
    tmp_path: Path, service: Service, assistant: dict[str, Any], provider: Provider, model: OpenAIServer
) -> None:
    model.reply = Reply(delay_seconds=1)
    with started(tmp_path, service.url, assistant["api_key"], provider) as gateway:
        gateway.receive("A1", "Oi")
        eventually(lambda: model.chat_requests)
        gateway.kill()
    with started(tmp_path, service.url, assistant["api_key"], provider) as gateway:
        gateway.wait_until_settled()
    assert provider.texts == ["Resposta do modelo."]
    assert len(model.chat_requests) == 1


def test_killed_between_two_parts_it_goes_on_with_the_second(
    tmp_path: Path, service: Service, assistant: dict[str, Any], provider: Provider, model: OpenAIServer
) -> None:
    model.reply = Reply(text="\n\n".join(f"Item {number}: " + "x" * 3000 for number in range(3)))
    provider.script.extend((200, 503))
    with started(tmp_path, service.url, assistant["api_key"], provider) as gateway:
        gateway.receive("A1", "O que vocês vendem?")
        eventually(lambda: provider.refused)
        gateway.kill()
    with started(tmp_path, service.url, assistant["api_key"], provider) as gateway:
        gateway.wait_until_settled()
    assert [text.partition(":")[0] for text in provider.texts] == ["Item 0", "Item 1", "Item 2"]
    assert len(model.chat_requests) == 1


def test_what_was_accepted_outlives_a_service_that_is_down_and_a_gateway_that_is_killed(
    tmp_path: Path, service: Service, assistant: dict[str, Any], provider: Provider
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with started(tmp_path, nowhere, assistant["api_key"], provider) as gateway:
        gateway.receive("A1", "Primeira")
        eventually(lambda: gateway.tries("A1") == 2)
        gateway.receive("A2", "Segunda")
        gateway.kill()
    with started(tmp_path, service.url, assistant["api_key"], provider) as gateway:
        gateway.wait_until_settled()
    turns = conversation(service, assistant)["turns"]
    assert [turn["message"] for turn in turns] == ["Segunda", "Primeira"]
    assert provider.texts == ["Resposta do modelo."] * 2


def test_what_no_model_answered_is_tried_again_and_stands_in_the_record_once(
    gateway: Gateway, provider: Provider, service: Service, assistant: dict[str, Any], model: OpenAIServer
) -> None:
    model.script.append(Reply(mode="error", status=400))
    gateway.receive("A1", "Primeira")
    eventually(lambda: gateway.tries("A1") == 1)
    assert not provider.taken
    gateway.wait_until_settled()
    (turn,) = conversation(service, assistant)["turns"]
    assert turn["response"] == "Resposta do modelo."
    assert provider.texts == ["Resposta do modelo."]


def test_the_documented_lines_work_as_pasted(tmp_path: Path, service: Service, assistant: dict[str, Any]) -> None:
    block = re.search(r"<!-- gateway.*?```sh\n(.*?)```", (PROJECT / "docs" / "gateway.md").read_text(), re.DOTALL)
    assert block
    port = free_port()
    lines = block[1].replace("examples/gateway.py", str(GATEWAY)).replace("8090", str(port))
    settings = {"KEY": assistant["api_key"], "ORQUESTRADORA_URL": service.url, "GATEWAY_PORT": port}
    pasted = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", f"{lines}\nwait"],
        cwd=tmp_path,
        env=environment(tmp_path, **settings),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert pasted.stdout
    try:
        assert pasted.stdout.readline() == f"to {PHONE}: Resposta do modelo.\n"
    finally:
        _kill_session(pasted)


def _kill_session(process: "subprocess.Popen[str]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
