"""A started service with a stub model, an assistant with real documents, and two people who share it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.service import PASSWORD, Service, running
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest
from tests.fakes.transcription_server import TranscriptionServer

ANSWER = "O prazo de entrega é de 5 dias úteis."
WRONG = "Sempre às terças."
UNKNOWN = "Não tenho essa informação."
_KNOWLEDGE = (
    "# Entrega\n\nO prazo de entrega é de 5 dias úteis.\n\n# Trocas\n\nTrocas em até 30 dias, com nota fiscal.\n"
)


@dataclass
class Shop:
    """A service with the assistant `Loja` of Ana, who administers it; Rita is its operator."""

    service: Service
    assistant_id: str
    api_key: str
    sessions: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.service.url}/painel/"

    def session(self, email: str) -> tuple[str, dict[str, Any]]:
        """A token of somebody's, and what the service says of them; the same one each time."""
        if email not in self.sessions:
            body = {"email": email, "password": PASSWORD}
            token = str(self.service.http.post("/auth/login", json=body).json()["token"])
            headers = {"Authorization": f"Bearer {token}"}
            self.sessions[email] = token, self.service.http.get("/auth/me", headers=headers).json()
        return self.sessions[email]

    def write(self, text: str, name: str, number: int) -> None:
        """A customer writes."""
        body = {"id": f"+5513988590{number:03}", "message_service": "Whatsapp", "username": name, "message": text}
        headers = {"X-API-Key": self.api_key}
        response = self.service.http.post("/chats/enviarMensagemLLM", json=body, headers=headers)
        assert response.status_code in {200, 409}, response.text


def _reply(request: RecordedRequest) -> Reply:
    messages = request.body["messages"]
    instructions, said = str(messages[0]["content"]), str(messages[-1]["content"])
    if "atendente" in said:
        return Reply(mode="tool_call")
    if "errado" in instructions:
        return Reply(text=WRONG)
    return Reply(text=UNKNOWN if "pneus" in said or "garagem" in said else ANSWER)


@contextmanager
def open_shop(place: Path, bundled_models: Path) -> Iterator[Shop]:
    """The shop, in a folder of its own."""
    (place / "data").mkdir()
    (place / "data" / "models").symlink_to(bundled_models)
    with OpenAIServer(reply=_reply) as model, TranscriptionServer() as speech:
        settings: dict[str, Any] = {"LLM_MODEL": "stub", "LLM_BASE_URL": model.url, "LLM_API_KEY": "x"}
        settings |= {"STT_MODEL": "whisper-1", "STT_BASE_URL": speech.url, "STT_API_KEY": speech.key}
        with running(place, **settings, BURST_QUIET_SECONDS=0, ALLOW_PRIVATE_CHANNELS="true") as service:
            assistant = service.make_assistant()
            service.upload(assistant["_id"], _KNOWLEDGE.encode(), "loja.md")
            rita = {"name": "Rita", "email": "rita@example.com", "password": PASSWORD}
            service.http.post("/auth/register", json=rita).raise_for_status()
            member = {"email": rita["email"], "role": "operator"}
            service.http.put(f"/assistants/members/{assistant['_id']}", json=member).raise_for_status()
            yield Shop(service, assistant["_id"], assistant["api_key"])
