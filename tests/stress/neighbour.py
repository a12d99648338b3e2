"""Somebody else's customers and people, and what they notice of what others do to the service."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from tests.e2e.service import PASSWORD, Service

# Two noisy cores carry the other clients, too; what is quicker than this is quick enough.
QUICK_SECONDS = 0.1

_PATIENCE_SECONDS = 60
_PAUSE_SECONDS = 0.1
_LISTS = ("/assistants/list", "/conversations/list", "/chats/list", "/documents/list")


@dataclass
class Watch:
    """The seconds that `/health`, the lists a dashboard shows, and a customer's answer took, look by look."""

    health: list[float] = field(default_factory=list)
    dashboard: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)

    def medians(self) -> dict[str, float]:
        """The median seconds of each."""
        return {name: round(statistics.median(seconds), 4) for name, seconds in vars(self).items()}


class Neighbour:
    """Another tenant: an account, an assistant with a document, and a customer who asks."""

    def __init__(self, service: Service, client: httpx.Client) -> None:
        self._client = client
        account = {"email": "bia@example.com", "password": PASSWORD}
        service.http.post("/auth/register", json={"name": "Bia", **account})
        client.headers["Authorization"] = f"Bearer {client.post('/auth/login', json=account).json()['token']}"
        assistant: dict[str, Any] = client.post("/assistants/add", json={"name": "Vizinha"}).json()
        self._assistant_id, self._key = assistant["_id"], {"X-API-Key": assistant["api_key"]}
        self._numbers = count()
        self.upload("prazo.md", "O prazo de entrega é de cinco dias úteis. " * 20)

    def watch(self, looks: int) -> Watch:
        """How long everything takes, one look after another."""
        watch = Watch()
        for _ in range(looks):
            watch.health.append(_timed(lambda: [self._client.get("/health")]))
            watch.dashboard.append(_timed(lambda: [self._client.get(path) for path in _LISTS]) / len(_LISTS))
            watch.answer.append(_timed(lambda: [self._ask()]))
            time.sleep(_PAUSE_SECONDS)
        return watch

    def upload(self, filename: str, text: str) -> float:
        """The seconds until a document is searched."""
        began = time.monotonic()
        form = {"type": "rag", "assistant_id": self._assistant_id}
        document = self._client.post("/documents/add", files={"file": (filename, text.encode())}, data=form).json()
        while document["status"] != "ready":
            assert document["status"] in {"pending", "indexing"}, document
            assert time.monotonic() - began < 2 * _PATIENCE_SECONDS, document
            time.sleep(_PAUSE_SECONDS)
            document = self._client.get(f"/documents/get/{document['_id']}").json()
        return time.monotonic() - began

    def _ask(self) -> httpx.Response:
        body = {"id": f"+{next(self._numbers)}", "message_service": "Whatsapp", "message": "Qual é o prazo?"}
        return self._client.post("/chats/enviarMensagemLLM", json=body, headers=self._key)


@contextmanager
def neighbour_of(service: Service) -> Iterator[Neighbour]:
    """Another tenant of a running service, who calls from another address of this machine."""
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(base_url=service.url, transport=transport, timeout=_PATIENCE_SECONDS) as client:
        yield Neighbour(service, client)


def assert_unmoved(usual: Watch, during: Watch) -> dict[str, dict[str, float]]:
    """Everything takes at most twice as long as usual, or is quick enough all the same; the figures."""
    figures = {"usual": usual.medians(), "during": during.medians()}
    for what, before in figures["usual"].items():
        assert figures["during"][what] <= max(2 * before, QUICK_SECONDS), (what, figures)
    return figures


def _timed(call: Callable[[], list[httpx.Response]]) -> float:
    began = time.monotonic()
    for response in call():
        assert response.status_code == 200, response.text
    return time.monotonic() - began
