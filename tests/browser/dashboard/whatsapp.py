"""A WhatsApp channel of the shop, and customers who write by it."""

import io
import time
import wave
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.browser.dashboard.shop import Shop
from tests.fakes.graph_server import GraphServer, Media
from tests.fakes.graph_webhooks import change, contact, message, of_messages, signature, webhook

_TEMPLATE = {
    "name": "pedido",
    "language": "pt_BR",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Olá {{1}}, seu pedido {{2}} chegou."}],
}


@dataclass
class WhatsApp:
    """Meta's side of a channel."""

    shop: Shop
    graph: GraphServer
    channel: dict[str, Any]

    def write(
        self, name: str, number: str, text: str = "Oi", *, hours_ago: int = 0, more: dict[str, Any] | None = None
    ) -> None:
        """A customer writes; `more` are fields of Meta's message, of a file say."""
        sent = str(int(time.time()) - hours_ago * 3600)
        told = message(f"wamid.{time.monotonic_ns()}", text, number, timestamp=sent, **(more or {}))
        self._post(of_messages(told, contacts=[contact(name, wa_id=number)]))

    def answer_on_phone(self, number: str, text: str) -> None:
        """Somebody, or the phone's app by itself, answers a customer there."""
        told = message(
            f"wamid.{time.monotonic_ns()}", text, "551140028922", timestamp=str(int(time.time())), to=number
        )
        self._post(webhook(change("smb_message_echoes", message_echoes=[told])))

    def _post(self, body: bytes) -> None:
        path = self.channel["webhook_url"].removeprefix(self.shop.service.url)
        signed = {"X-Hub-Signature-256": signature(body, self.graph.app_secret)}
        self.shop.service.http.post(path, content=body, headers=signed).raise_for_status()

    def send_file(self, name: str, number: str, kind: str, content: bytes, filename: str | None = None) -> None:
        """A customer sends a file."""
        self.graph.media[media_id := str(len(self.graph.media) + 1)] = Media(content, "application/octet-stream")
        told = {"id": media_id, "mime_type": "application/octet-stream"}
        file = told | ({"filename": filename} if filename else {})
        self.write(name, number, more={"type": kind, kind: file})


def connect(shop: Shop, graph: GraphServer) -> WhatsApp:
    """A channel of the shop by this server of Meta's."""
    graph.templates.append(_TEMPLATE)
    wanted = graph.channel()
    body = {"assistant_id": shop.assistant_id, "kind": "whatsapp_cloud", "name": "WhatsApp da loja"}
    body |= {**wanted.options, "access_token": graph.access_token, "app_secret": graph.app_secret}
    response = shop.service.http.post("/channels/add", json=body)
    assert response.status_code == 201, response.text
    return WhatsApp(shop, graph, response.json())


def picture() -> bytes:
    """A PNG."""
    content = io.BytesIO()
    Image.new("RGB", (320, 200), (30, 120, 110)).save(content, "PNG")
    return content.getvalue()


def recording() -> bytes:
    """A second of silence, as WAV."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    return content.getvalue()
