"""Providers in the proofs: each posts what customers write, and knows what it has sent to them."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

import httpx

from tests.fakes.evolution_server import EvolutionServer
from tests.fakes.graph_server import GraphServer
from tests.fakes.graph_webhooks import change, message, of_messages, signature, webhook
from tests.fakes.telegram_server import TelegramServer

ALLOWED: dict[str, Any] = {"ALLOW_PRIVATE_CHANNELS": "true", "CONVERSATION_QUEUE": 50}


class Timed(list[Any]):
    """A list that knows when each of its items came, in seconds on the monotonic clock."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, item: Any) -> None:
        self.times.append(time.monotonic())
        super().append(item)


class Kind(Protocol):
    """A provider with one channel; contacts are numbers from 0."""

    name: str

    def fields(self) -> dict[str, str]:
        """What a channel is added with."""
        ...

    def request(self, contact: int, number: int, text: str, *, age: float = 0) -> tuple[bytes, dict[str, str]]:
        """The body and headers of a webhook with a message that is `age` seconds old; the same for the same."""
        ...

    def sent(self) -> list[tuple[int, str]]:
        """To whom which texts were sent, in their order."""
        ...


class WhatsApp:
    """Meta's Cloud API."""

    name = "whatsapp_cloud"

    def __init__(self, graph: GraphServer) -> None:
        self.graph = graph
        graph.sent = Timed()

    def fields(self) -> dict[str, str]:
        wanted = self.graph.channel()
        return {**wanted.options, **{name: wanted.secrets[name] for name in ("access_token", "app_secret")}}

    def request(self, contact: int, number: int, text: str, *, age: float = 0) -> tuple[bytes, dict[str, str]]:
        at = str(int(time.time() - age))
        return self._signed(
            of_messages(message(f"wamid.in.{contact}.{number}", text, _phone(contact), timestamp=at))
        )

    def echo(self, contact: int, number: int, text: str) -> tuple[bytes, dict[str, str]]:
        """A webhook with what somebody wrote on the phone."""
        told = message(f"wamid.echo.{contact}.{number}", text, "551140028922", timestamp=str(int(time.time())))
        echoes = [{**told, "to": _phone(contact)}]
        return self._signed(webhook(change("smb_message_echoes", message_echoes=echoes)))

    def sent(self) -> list[tuple[int, str]]:
        return [(_contact(one["to"]), one["text"]["body"]) for one in list(self.graph.sent)]

    def _signed(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        return body, {"X-Hub-Signature-256": signature(body, self.graph.app_secret)}


class Evolution:
    """Evolution API v2."""

    name = "evolution"

    def __init__(self, server: EvolutionServer) -> None:
        self.server = server
        server.add("loja")

    def fields(self) -> dict[str, str]:
        return {"base_url": self.server.url, "instance": "loja", "api_key": self.server.api_key}

    def request(self, contact: int, number: int, text: str, *, age: float = 0) -> tuple[bytes, dict[str, str]]:
        record = {
            "key": {
                "remoteJid": f"{_phone(contact)}@s.whatsapp.net",
                "fromMe": False,
                "id": f"3A{contact}N{number}",
            },
            "pushName": "Maria",
            "message": {"conversation": text},
            "messageType": "conversation",
            "messageTimestamp": int(time.time() - age),
            "source": "android",
        }
        body = {"event": "messages.upsert", "instance": "loja", "data": record}
        told = self.server.instances["loja"].webhook or {}
        return json.dumps(body).encode(), {"Content-Type": "application/json", **(told.get("headers") or {})}

    def sent(self) -> list[tuple[int, str]]:
        own = [one for one in list(self.server.instances["loja"].messages) if one["key"]["fromMe"]]
        return [
            (_contact(one["key"]["remoteJid"].partition("@")[0]), one["message"]["conversation"]) for one in own
        ]


class Telegram:
    """The Bot API."""

    name = "telegram"

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        server.sent = Timed()

    def fields(self) -> dict[str, str]:
        return {"base_url": self.server.url, "bot_token": self.server.token}

    def request(self, contact: int, number: int, text: str, *, age: float = 0) -> tuple[bytes, dict[str, str]]:
        chat_id = 1000 + contact
        self.server.chats.add(chat_id)
        user = {"id": chat_id, "first_name": "Maria", "is_bot": False}
        chat = {"id": chat_id, "type": "private", "first_name": "Maria"}
        told = {"message_id": number + 1, "from": user, "chat": chat, "date": int(time.time() - age), "text": text}
        update = {"update_id": contact * 100_000 + number, "message": told}
        secret = {"X-Telegram-Bot-Api-Secret-Token": self.server.webhook["secret_token"]}
        return json.dumps(update).encode(), {"Content-Type": "application/json", **secret}

    def sent(self) -> list[tuple[int, str]]:
        return [(one["chat"]["id"] - 1000, one["text"]) for one in list(self.server.sent)]


@contextmanager
def all_kinds() -> Iterator[Sequence[Kind]]:
    """Running servers of every kind that has a provider."""
    with ExitStack() as servers:
        yield (
            WhatsApp(servers.enter_context(GraphServer())),
            Evolution(servers.enter_context(EvolutionServer())),
            Telegram(servers.enter_context(TelegramServer(https_only=False))),
        )


def add_channel(http: httpx.Client, assistant_id: str, kind: Kind) -> tuple[str, str]:
    """A new channel of this kind; its id, and the path that its customers' messages are posted to."""
    body = {"assistant_id": assistant_id, "kind": kind.name, "name": "Loja", **kind.fields()}
    response = http.post("/channels/add", json=body)
    assert response.status_code == 201, response.text
    channel = response.json()
    if kind.name == "web":
        key = channel["script"].partition('data-channel="')[2].partition('"')[0]
        return channel["_id"], f"/widget/{key}/messages"
    return channel["_id"], "/webhooks/" + channel["webhook_url"].rpartition("/")[2]


def times_sent(kind: Kind, texts: Sequence[str]) -> Counter[str]:
    """How often each of these texts, which the model repeats at the end of its answer, was answered."""
    answered = Counter(text.partition(" a ")[2] for _, text in kind.sent())
    return Counter({text: answered[text] for text in texts})


def _phone(contact: int) -> str:
    return f"55139{contact:08d}"


def _contact(phone: str) -> int:
    return int(phone[-8:])
