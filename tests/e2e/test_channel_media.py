"""Files that customers send, by each kind of channel, from the provider's server to the model and the operator."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.service import Service, launch, running
from tests.e2e.test_channels import CUSTOMER, added, sent_by, until
from tests.fakes.evolution_server import EvolutionServer
from tests.fakes.graph_server import GraphServer, Media
from tests.fakes.graph_webhooks import message, of_messages, signature
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.telegram_server import TelegramServer
from tests.fakes.transcription_server import Transcription, TranscriptionServer

JPEG = b"\xff\xd8\xff\xe0" + b"a" * 50_000
PDF = b"%PDF-1.7\n" + b"b" * 50_000
VOICE = b"OggS" + b"c" * 50_000


@dataclass
class Servers:
    """Everybody the service speaks to."""

    graph: GraphServer
    evolution: EvolutionServer
    telegram: TelegramServer
    model: OpenAIServer
    speech: TranscriptionServer

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "ALLOW_PRIVATE_CHANNELS": "true",
            "LLM_MODEL": "stub",
            "LLM_BASE_URL": self.model.url,
            "LLM_API_KEY": "k",
            "LLM_VISION": "true",
            "STT_MODEL": "whisper-1",
            "STT_BASE_URL": self.speech.url,
            "STT_API_KEY": self.speech.key,
        }

    def add_telegram(self, service: Service, assistant: dict[str, Any]) -> None:
        fields = {"bot_token": self.telegram.token, "base_url": self.telegram.url}
        assert added(service, assistant, "telegram", **fields)["problem"] is None

    def say_on_telegram(self) -> None:
        self.telegram.files["v1"] = ("voice/file_1.oga", VOICE)
        self.telegram.deliver(self.telegram.message(7, voice={"file_id": "v1", "duration": 2}))


@pytest.fixture
def servers() -> Iterator[Servers]:
    with ExitStack() as opened:
        evolution = opened.enter_context(EvolutionServer())
        evolution.add("loja")
        yield Servers(
            opened.enter_context(GraphServer()),
            evolution,
            opened.enter_context(TelegramServer(https_only=False)),
            opened.enter_context(OpenAIServer()),
            opened.enter_context(TranscriptionServer()),
        )


def send_picture(servers: Servers, service: Service, assistant: dict[str, Any]) -> None:
    wanted = servers.graph.channel()
    fields = {**wanted.options, "access_token": wanted.secrets["access_token"]}
    secret = wanted.secrets["app_secret"]
    channel = added(service, assistant, "whatsapp_cloud", **fields, app_secret=secret)
    servers.graph.media["77"] = Media(JPEG, "image/png", told_size=10)
    image = {"id": "77", "mime_type": "image/png", "caption": "Tem esta?"}
    told = message("wamid.7", sender=CUSTOMER, type="image", image=image, timestamp=str(int(time.time())))
    body = of_messages(told)
    path = channel["webhook_url"].removeprefix(service.url)
    signed = {"X-Hub-Signature-256": signature(body, secret)}
    assert service.http.post(path, content=body, headers=signed).status_code == 200


def send_document(servers: Servers, service: Service, assistant: dict[str, Any]) -> None:
    evolution = servers.evolution
    fields = {"base_url": evolution.url, "instance": "loja", "api_key": evolution.api_key}
    added(service, assistant, "evolution", **fields)
    evolution.instances["loja"].files["DOC1"] = PDF
    content = {"documentMessage": {"fileName": "Nota.pdf", "mimetype": "text/html"}}
    evolution.receive("loja", content, "5521988887777@s.whatsapp.net", key_id="DOC1")


def test_a_picture_a_voice_message_and_a_document(place: Path, servers: Servers) -> None:
    with running(place, **servers.settings) as service:
        assistant = service.make_assistant()
        send_picture(servers, service, assistant)
        servers.add_telegram(service, assistant)
        servers.say_on_telegram()
        send_document(servers, service, assistant)

        until(lambda: servers.graph.ids and servers.telegram.sent and sent_by(servers.evolution))

        asked = [request.body["messages"][-1]["content"] for request in servers.model.chat_requests]
        (shown,) = [content for content in asked if isinstance(content, list)]
        assert shown[0]["text"] == "Tem esta?"
        assert shown[1]["image_url"]["url"].startswith("data:image/jpeg;base64,/9j/")
        assert "[áudio transcrito] Oi, tudo bem?" in asked
        assert len(asked) == 2
        assert (servers.speech.received[0].content, servers.speech.received[0].filename) == (VOICE, "audio.ogg")
        assert sent_by(servers.evolution)[0].startswith("Recebi o que você enviou.")

        chats = {chat["media"][0]["kind"]: chat for chat in service.http.get("/chats/list").json()}
        kept = {kind: service.http.get(chat["media"][0]["url"]) for kind, chat in chats.items()}
        assert {kind: file.content for kind, file in kept.items()} == {
            "image": JPEG,
            "voice": VOICE,
            "document": PDF,
        }
        assert kept["document"].headers["content-disposition"] == "attachment; filename=Nota.pdf"
        assert {kind: chat["active"] for kind, chat in chats.items()} == {
            "image": True,
            "voice": True,
            "document": False,
        }
        service.http.delete(f"/assistants/delete/{assistant['_id']}")
        assert [one for one in (place / "data" / "media").rglob("*") if one.is_file()] == []


@pytest.mark.stress
@pytest.mark.timeout(180)
def test_a_service_that_is_killed_over_a_file_answers_it_once(place: Path, servers: Servers) -> None:
    service = launch(place, **servers.settings)
    service.sign_in()
    servers.add_telegram(service, service.make_assistant())
    servers.speech.script.append(Transcription(wait_seconds=60))
    servers.say_on_telegram()
    until(lambda: servers.speech.received)
    port = int(service.url.rpartition(":")[2])

    service.kill()
    service = launch(place, PORT=port, **servers.settings)
    try:
        service.sign_in()
        until(lambda: servers.telegram.sent)
        (chat,) = service.http.get("/chats/list").json()
        assert chat["message"] == "[áudio transcrito] Oi, tudo bem?"
        assert len([one for one in (place / "data" / "media").rglob("*") if one.is_file()]) == 1
        time.sleep(2)
        assert len(servers.telegram.sent) == 1
    finally:
        servers.speech.closed.set()
        service.stop()
