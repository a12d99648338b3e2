"""What a message that comes by a channel costs, beside one that a program delivers: `python -m bench.channels`.

Both are answered by one service in one run, in turns, so that what else the machine does falls on both.
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from app.knowledge.embedding import open_embedder
from bench.children import cpu_seconds, database_of, stub_model
from bench.customers import Customers
from bench.installation import make_assistant
from bench.measuring import Target, measure
from bench.table import Section, at_most, render
from tests.e2e.service import free_port, launch
from tests.fakes.graph_server import GraphServer
from tests.fakes.graph_webhooks import message as text_message
from tests.fakes.graph_webhooks import of_messages, signature

_CLIENTS = 32
_DOCUMENTS = 20
_MOST_PER_SECOND = 300
_MOST_TIMES = 1.5
_PATIENCE_SECONDS = 60


class Answers(list[dict[str, Any]]):
    """What was sent to customers; each of them is woken by their own, and costs nothing meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._to: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(0))

    def append(self, body: dict[str, Any]) -> None:
        """One more."""
        super().append(body)
        self._to[body["to"]].release()

    def wait(self, customer: str) -> None:
        """Return when there is one more for a customer."""
        if not self._to[customer].acquire(timeout=_PATIENCE_SECONDS):
            raise RuntimeError("A message was not answered.")


class ChannelCustomers:
    """Customers as those of programs, who write by WhatsApp's Cloud API, and wait for each answer."""

    def __init__(self, graph: GraphServer, answers: Answers, http: httpx.Client, channel: dict[str, Any]) -> None:
        self._graph = graph
        self._answers = answers
        self._http = http
        self._path = "/webhooks/" + channel["webhook_url"].rpartition("/")[2]
        self._customers = Customers()
        self._lock = threading.Lock()

    def write(self, seconds: float) -> int:
        """How many messages were answered when all had their last answer."""
        before = len(self._answers)
        until = time.monotonic() + seconds
        with ThreadPoolExecutor(_CLIENTS) as clients:
            written = sum(clients.map(lambda _: self._one_customer(until), range(_CLIENTS)))
        if len(self._answers) - before != written:
            raise RuntimeError(f"{len(self._answers) - before} answers to {written} messages")
        return written

    def _one_customer(self, until: float) -> int:
        written = 0
        while time.monotonic() < until:
            with self._lock:
                (said,) = self._customers.conversations(1)
            for message in map(json.loads, said):
                self._post(message["id"].lstrip("+"), message["message_id"], message["message"])
                self._answers.wait(message["id"].lstrip("+"))
                written += 1
        return written

    def _post(self, sender: str, remote_id: str, text: str) -> None:
        body = of_messages(text_message(remote_id, text, sender, timestamp=str(int(time.time()))))
        signed = {"X-Hub-Signature-256": signature(body, self._graph.app_secret)}
        self._http.post(self._path, content=body, headers=signed).raise_for_status()


def run(turns: int, seconds: int) -> Section:
    """Compare; the first turn warms both up."""
    programs = Customers()
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder)) as (target, customers):
        costs = [
            (_by_channel(target, customers, seconds), _by_program(target, programs, seconds))
            for _ in range(turns + 1)
        ][1:]
    ours, theirs = (statistics.median(turn[side] for turn in costs) for side in (0, 1))
    times = statistics.median(turn[0] / turn[1] for turn in costs)
    told = f"CPU of a message by WhatsApp's Cloud API ({ours:.1f} ms) : by enviarMensagemLLM ({theirs:.1f} ms)"
    return Section("Messages by channels", [at_most(told, times, _MOST_TIMES, "×")], {"costs": costs})


@contextmanager
def _running(folder: Path) -> Iterator[tuple[Target, ChannelCustomers]]:
    """A service with an assistant that knows something, and a channel to it."""
    (folder / "data").mkdir(parents=True)
    open_embedder("bundled", None, None, folder / "data", _PATIENCE_SECONDS)
    answers = Answers()
    with stub_model(0) as model_url, GraphServer(sent=answers) as graph:
        model: dict[str, Any] = {"LLM_MODEL": "stub", "LLM_BASE_URL": model_url, "LLM_API_KEY": "none"}
        service = launch(folder, PORT=free_port(), ALLOW_PRIVATE_CHANNELS="true", LOG_LEVEL="WARNING", **model)
        try:
            service.sign_in()
            assistant = make_assistant(service, _DOCUMENTS)
            process = psutil.Process(service.process.pid)
            port = int(service.url.rpartition(":")[2])
            target = Target(process, port, assistant["api_key"], database_of(process))
            channel = _channel(service.http, graph, assistant["_id"])
            yield target, ChannelCustomers(graph, answers, service.http, channel)
        finally:
            service.stop()


def _channel(http: httpx.Client, graph: GraphServer, assistant_id: str) -> dict[str, Any]:
    wanted = graph.channel()
    secrets = {name: wanted.secrets[name] for name in ("access_token", "app_secret")}
    fields = {"assistant_id": assistant_id, "kind": "whatsapp_cloud", "name": "Loja", **wanted.options, **secrets}
    response = http.post("/channels/add", json=fields)
    response.raise_for_status()
    return dict(response.json())


def _by_program(target: Target, customers: Customers, seconds: int) -> float:
    """CPU ms a message, of the service and its database."""
    conversations = customers.conversations(_MOST_PER_SECOND * seconds)
    measured = measure(target, _CLIENTS, seconds, 0.1, conversations)
    return measured.cpu_ms + measured.database_cpu_ms


def _by_channel(target: Target, customers: ChannelCustomers, seconds: int) -> float:
    """The same of messages by the channel."""
    watched = [one for one in (target.process, target.database) if one]
    before = sum(map(cpu_seconds, watched))
    written = customers.write(seconds)
    return 1000 * (sum(map(cpu_seconds, watched)) - before) / written


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(prog="python -m bench.channels", description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="under load, in each turn")
    chosen = parser.parse_args()
    print(render([run(chosen.turns, chosen.seconds)]))


if __name__ == "__main__":
    main()
