"""A flood of webhooks, each posted several times and in no order, to two processes: each message answered once."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.fakes.graph_server import GraphServer
from tests.fakes.graph_webhooks import message, of_messages, signature
from tests.stress.callers import Callers
from tests.stress.conftest import Started
from tests.stress.model import RecordingModel

pytestmark = [pytest.mark.stress, pytest.mark.timeout(600)]

CONTACTS = 100
MESSAGES_EACH = 10
PATIENCE_SECONDS = 400


def posted(callers: Callers, graph: GraphServer) -> Callable[[int, bytes], httpx.Response]:
    """Posts a signed body to one of the processes, by turns."""
    wanted = graph.channel()
    secrets = {name: wanted.secrets[name] for name in ("access_token", "app_secret")}
    of_assistant = {"assistant_id": callers.assistant_id, "kind": "whatsapp_cloud", "name": "Loja"}
    response = callers.clients[0].post("/channels/add", json={**of_assistant, **wanted.options, **secrets})
    assert response.status_code == 201, response.text
    path, clients = "/webhooks/" + response.json()["webhook_url"].rpartition("/")[2], callers.clients

    def post(number: int, body: bytes) -> httpx.Response:
        signed = {"X-Hub-Signature-256": signature(body, wanted.secrets["app_secret"])}
        return clients[number % len(clients)].post(path, content=body, headers=signed)

    return post


def bodies() -> list[bytes]:
    """Every message of every contact, each once to three times, in no order."""
    now, found = int(time.time()), []
    for contact in range(CONTACTS):
        for number in range(MESSAGES_EACH):
            at = str(now - 60 + 5 * number)
            text = f"Pergunta {number} de {contact}"
            sender = f"55139{contact:08d}"
            body = of_messages(message(f"wamid.{contact}.{number}", text, sender, timestamp=at))
            found += [body] * random.randint(1, 3)
    random.shuffle(found)
    return found


def test_a_thousand_messages_are_answered_once_each(
    two_processes: Started, record_property: Callable[[str, object], None]
) -> None:
    model = RecordingModel(0.01, 0.05)
    with (
        GraphServer() as graph,
        model.served() as settings,
        two_processes(ALLOW_PRIVATE_CHANNELS="true", CONVERSATION_QUEUE=50, **settings) as callers,
    ):
        post, every = posted(callers, graph), bodies()
        began = time.monotonic()
        with ThreadPoolExecutor(16) as threads:
            statuses = Counter(one.status_code for one in threads.map(post, range(len(every)), every))
        taken_in = time.monotonic() - began
        while len(graph.sent) < CONTACTS * MESSAGES_EACH:
            assert time.monotonic() - began < PATIENCE_SECONDS, len(graph.sent)
            time.sleep(0.2)
        answered_in = time.monotonic() - began
        time.sleep(3)
        chats = callers.record()

    assert statuses == {200: len(every)}
    assert len(graph.sent) == len(chats) == len(model.calls) == CONTACTS * MESSAGES_EACH
    assert sent_by_contact(graph) == answered_by_contact(chats)
    record_property(
        "channels",
        {
            "messages": len(chats),
            "webhooks": len(every),
            "sent": len(graph.sent),
            "taken_in_seconds": round(taken_in, 1),
            "answered_in_seconds": round(answered_in, 1),
        },
    )


def sent_by_contact(graph: GraphServer) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for body in graph.sent:
        found[f"+{body['to']}"].append(body["text"]["body"])
    return found


def answered_by_contact(chats: list[dict[str, Any]]) -> dict[str, list[str]]:
    """As the record has it, oldest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for chat in sorted(chats, key=lambda one: one["_id"]):
        found[chat["channel"]["id"]].append(chat["response"])
    return found
