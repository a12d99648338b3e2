"""Who calls the service in the proofs: a gateway for customers and an operator, both from many threads at once."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.e2e.service import Service

_PATIENCE_SECONDS = 90
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Callers:
    """Whoever calls one assistant, at any of the processes that serve it; `process` is counted round."""

    assistant_id: str
    clients: Sequence[httpx.Client]

    def deliver(
        self, process: int, channel: str, text: str, message_id: str | None = None, accept: str = "application/json"
    ) -> httpx.Response:
        """Deliver a customer's message; raises `httpx.TransportError`."""
        body = {"id": channel, "message_service": "Whatsapp", "message": text, "message_id": message_id}
        return self._client(process).post("/chats/enviarMensagemLLM", json=body, headers={"Accept": accept})

    def switch(self, process: int, channel: str, *, active: bool) -> int:
        """Give a conversation to the assistant or to a person; the status."""
        path = f"/chats/{'ativar' if active else 'desativar'}/{channel}"
        return self._client(process).put(path, params={"assistant_id": self.assistant_id}).status_code

    def record(self, process: int = 0, channel: str | None = None) -> list[dict[str, Any]]:
        """The chats of a channel, or all of the assistant; oldest first."""
        wanted = {"assistant_id": self.assistant_id, "limit": str(_PAGE)}
        client, found = self._client(process), []
        page = client.get("/chats/list", params=wanted | ({"channel_id": channel} if channel else {}))
        found += page.json()
        while "next" in page.links:
            page = client.get(page.links["next"]["url"])
            found += page.json()
        return found[::-1]

    def _client(self, process: int) -> httpx.Client:
        return self.clients[process % len(self.clients)]


@contextmanager
def calling(services: Sequence[Service], assistant: dict[str, Any]) -> Iterator[Callers]:
    """The callers of an assistant; they hang up at the end."""
    headers = {"X-API-Key": assistant["api_key"], "Authorization": f"Bearer {services[0].token}"}
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    with ExitStack() as open_clients:
        clients = [
            open_clients.enter_context(
                httpx.Client(base_url=one.url, headers=headers, limits=limits, timeout=_PATIENCE_SECONDS)
            )
            for one in services
        ]
        yield Callers(assistant["_id"], clients)
