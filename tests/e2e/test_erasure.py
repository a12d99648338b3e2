"""The right to erasure: a contact whose every word is marked is in no collection, file or export any more."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from pymongo.database import Database

from app.domain.rows import Row
from tests.e2e.service import Service, running
from tests.e2e.test_commands import command
from tests.fakes.database import scratch_database
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.webhook_receiver import WebhookReceiver, answer

MARK = "girassol-redondo"
PHONE = "+5513977712345"
MARKS = (MARK, PHONE[1:])
LOGS = {"stdout", "stderr"}
WITH_CONTACTS = {"chats", "conversation_names", "conversations", "webhook_deliveries"}


def is_marked(content: bytes) -> bool:
    """Whether something of the contact is in it, in the encodings that texts are kept in."""
    lower = content.lower()
    return any(mark.encode(encoding) in lower for mark in MARKS for encoding in ("utf-8", "utf-16-le"))


def marked_files(place: Path) -> list[str]:
    """The files under a service's folders, its logs among them, that tell of the contact."""
    files = [file for file in place.rglob("*") if file.is_file() and not file.is_symlink()]
    return [str(file.relative_to(place)) for file in files if is_marked(file.read_bytes())]


def marked_collections(place: Path, **settings: Any) -> set[str]:
    """The collections of which an export made now has rows that tell of the contact."""
    exported = command(place, "export", "--force", "all.jsonl.gz", **settings)
    assert exported.returncode == 0, exported.stderr
    lines = gzip.decompress((place / "all.jsonl.gz").read_bytes()).splitlines()
    (place / "all.jsonl.gz").unlink()
    return {json.loads(line).get("collection", "a file") for line in lines if is_marked(line)}


def marked_in(database: Database[Row]) -> set[str]:
    """The collections with rows that tell of the contact, those that no export carries among them."""
    names = database.list_collection_names()
    return {name for name in names if any(is_marked(repr(row).encode()) for row in database[name].find())}


def keep_busy(service: Service, model: OpenAIServer, receiver: WebhookReceiver) -> dict[str, Any]:
    """Everything that can happen to a contact; returns the assistant."""
    assistant = service.make_assistant()
    webhook = service.http.post(f"/assistants/webhooks/{assistant['_id']}", json={"url": receiver.url()})
    assert webhook.status_code == 201, webhook.text
    say = _sender(service, assistant["api_key"])
    model.reply = Reply(text=f"A resposta de {MARK}.")
    chat = say("primeira", message_id=f"wamid.{MARK}").json()
    assert say("segunda", headers={"Idempotency-Key": f"chave-{MARK}"}).status_code == 200
    assert "event: " in say("terceira", headers={"Accept": "text/event-stream"}).text
    model.script.append(Reply("error", text=f"Não entendi {MARK}.", status=400))
    assert say("que falha").status_code in {200, 502}
    assert _discard_an_answer(service, model, say) == 409
    human = {"id": PHONE, "message_service": "Whatsapp", "message": f"Aqui é a Ana. {MARK}"}
    params = {"assistant_id": assistant["_id"]}
    assert service.http.post("/chats/mensagemHumana", json=human, params=params).status_code == 201
    assert say("a uma pessoa").status_code == 409
    assert service.http.put(f"/chats/ativar/{chat['_id']}").status_code == 200
    for path, query in (
        ("/conversations/list", {"q": MARK}),
        ("/chats/list", {"channel_id": PHONE}),
        (f"/chats/get/{PHONE}", {}),
        (f"/chats/desativar/{MARK}", {}),
        (f"/contatos/{PHONE}", {}),
    ):
        service.http.get(path, params=query)
    return assistant


def _sender(service: Service, api_key: str) -> Callable[..., httpx.Response]:
    def say(text: str, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        body = {"id": PHONE, "message_service": "Whatsapp", "username": MARK, "message": f"{text} {MARK}", **fields}
        headers = {"X-API-Key": api_key, **(headers or {})}
        return service.http.post("/chats/enviarMensagemLLM", json=body, headers=headers)

    return say


def _discard_an_answer(service: Service, model: OpenAIServer, say: Callable[..., httpx.Response]) -> int:
    """The status of a message that a person takes over while the model thinks."""
    statuses: list[int] = []
    asked = len(model.chat_requests)
    model.script.append(Reply(text=f"Tarde demais, {MARK}.", delay_seconds=3))
    waiting = Thread(target=lambda: statuses.append(say("discutida").status_code))
    waiting.start()
    until = time.monotonic() + 30
    while len(model.chat_requests) == asked:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert service.http.put(f"/chats/desativar/{PHONE}").status_code == 200
    waiting.join(60)
    return statuses[0]


def erase(service: Service, assistant_id: str) -> httpx.Response:
    (conversation,) = service.http.get("/conversations/list", params={"assistant_id": assistant_id}).json()
    told = service.http.get(f"/conversations/export/{conversation['_id']}")
    assert all(word in told.text for word in (MARK, PHONE, "Tarde demais", "Aqui é a Ana"))
    return service.http.delete(f"/conversations/delete/{conversation['_id']}")


@pytest.fixture
def surroundings() -> Iterator[tuple[OpenAIServer, WebhookReceiver, dict[str, Any]]]:
    """A model, a receiver that takes no event, so that all wait to be sent again, and settings for both."""
    with OpenAIServer() as model, WebhookReceiver({"/": answer("503 Service Unavailable")}) as receiver:
        yield (
            model,
            receiver,
            {
                "LLM_MODEL": "stub",
                "LLM_BASE_URL": model.url,
                "LLM_API_KEY": "k",
                "ALLOW_PRIVATE_WEBHOOKS": "true",
                "LOG_LEVEL": "DEBUG",
            },
        )


@pytest.mark.stress
def test_an_erased_contact_is_in_no_file_and_in_no_export(
    place: Path, surroundings: tuple[OpenAIServer, WebhookReceiver, dict[str, Any]]
) -> None:
    model, receiver, settings = surroundings
    with running(place, **settings) as service:
        assistant = keep_busy(service, model, receiver)
        assert marked_collections(place, **settings) == WITH_CONTACTS
        receipt = erase(service, assistant["_id"])
        assert receipt.status_code == 200
        assert not is_marked(receipt.content)
        assert marked_collections(place, **settings) == set()
        audit = service.http.get("/audit/list").text
        assert receipt.json()["receipt_id"] in audit
        assert not is_marked(audit.encode())
    assert set(marked_files(place)) & LOGS == set()
    assert any(name.startswith("data/") for name in marked_files(place))  # until the next compaction

    with running(place, **settings):
        assert marked_files(place) == []
        assert marked_collections(place, **settings) == set()


def test_an_erased_contact_is_in_no_collection(
    place: Path, database_uri: str, surroundings: tuple[OpenAIServer, WebhookReceiver, dict[str, Any]]
) -> None:
    model, receiver, settings = surroundings
    with scratch_database(database_uri) as database:
        settings |= {"MONGODB_URI": database_uri, "MONGODB_DB": database.name, "SECRET_KEY": "s" * 32}
        with running(place, **settings) as service:
            assistant = keep_busy(service, model, receiver)
            assert marked_in(database) == WITH_CONTACTS
            assert erase(service, assistant["_id"]).status_code == 200
            assert marked_in(database) == set()
        assert marked_files(place) == []
