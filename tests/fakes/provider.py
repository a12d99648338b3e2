"""A provider of channels that lives in memory: what it posts, what it took, and the faults it is told to have."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.channels import (
    Alias,
    AliasKind,
    AssistantChannel,
    ChannelCheck,
    ChannelEvent,
    DeliveryState,
    ErrorAction,
    EventKind,
    MediaKind,
    MediaReference,
    OutgoingPart,
    ProviderError,
    WebhookRequest,
    WrongSignatureError,
)
from app.domain.message_templates import MessageTemplate

SECRET = "a secret of the provider's"


class FakeProvider:
    """An adapter. `faults` are raised by the next calls of `send`, one each; a callable is called instead.

    `files` are what it has by their references, `media_faults` are raised by the next calls of `fetch_media`, and
    `refuses` by each question for templates.
    """

    longest_text = 200
    typing_seconds = 60.0

    def __init__(self) -> None:
        self.window_hours: float | None = None
        self.sent: list[OutgoingPart] = []
        self.typed: list[tuple[str, str]] = []
        self.faults: list[Any] = []
        self.files: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.media_faults: list[ProviderError] = []
        self.refuses: ProviderError | None = None
        self.checks: list[ChannelCheck] = [ChannelCheck("token", ok=True)]
        self._lock = threading.Lock()

    def verify(self, channel: AssistantChannel, request: WebhookRequest) -> str:
        if request.headers.get("x-secret") != SECRET:
            raise WrongSignatureError
        return request.query.get("challenge", "")

    def redacted(self, body: bytes) -> bytes:
        json.loads(body)
        return body.replace(SECRET.encode(), b"")

    def parse(self, channel: AssistantChannel, body: bytes) -> Sequence[ChannelEvent]:
        return [_event(one) for one in json.loads(body)]

    def send(self, channel: AssistantChannel, part: OutgoingPart) -> str:
        with self._lock:
            fault = self.faults.pop(0) if self.faults else None
        if callable(fault):
            fault = fault(part)
        if isinstance(fault, ProviderError):
            raise fault
        with self._lock:
            self.sent.append(part)
            return f"remote-{len(self.sent)}"

    def remote_id_to(self, contact: str) -> str:
        """What it calls the first part that it sent to a contact."""
        return next(f"remote-{number}" for number, part in enumerate(self.sent, 1) if part.recipient == contact)

    def typing(self, channel: AssistantChannel, contact: str, remote_id: str) -> None:
        self.typed.append((contact, remote_id))

    def approved(self, channel: AssistantChannel) -> Sequence[MessageTemplate]:
        if self.refuses is not None:
            raise self.refuses
        return [MessageTemplate("lembrete", "pt_BR", "UTILITY", "Olá {{1}}!")]

    def fetch_media(self, channel: AssistantChannel, media: MediaReference) -> Iterator[bytes]:
        with self._lock:
            self.fetched.append(media.reference)
            fault = self.media_faults.pop(0) if self.media_faults else None
        if fault is not None:
            raise fault
        yield self.files.get(media.reference, b"bytes")

    def health(self, channel: AssistantChannel) -> Sequence[ChannelCheck]:
        return self.checks

    def texts(self, contact: str) -> list[str]:
        """What a contact was sent, in order."""
        return [part.text for part in self.sent if part.recipient == contact]


class FakeFields:
    """Of its channels."""

    options = frozenset({"instance", "automatic_messages"})
    secrets = frozenset({"api_key"})

    def completed(
        self, options: Mapping[str, str], secrets: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        return dict(options), dict(secrets)

    def problems(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, list[str]]:
        return {} if "api_key" in secrets else {"api_key": ["Is missing."]}

    def account(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        return options.get("instance")


def message(number: int, text: str, contact: str = "5513988593464", **fields: Any) -> dict[str, Any]:
    """A message as this provider posts it."""
    return {"kind": "message", "remote_id": f"wamid-{number}", "contact": contact, "text": text, **fields}


def _event(told: dict[str, Any]) -> ChannelEvent:
    contact, wrong = told.get("contact", ""), told.get("error")
    names = told.get("aliases", [["phone", contact]] if contact else [])
    return ChannelEvent(
        kind=EventKind(told["kind"]),
        remote_id=told["remote_id"],
        contact=contact,
        aliases=tuple(Alias(AliasKind(kind), value) for kind, value in names),
        at=datetime.fromisoformat(told["at"]) if "at" in told else None,
        type=told.get("type", "text"),
        name=told.get("name", "Maria"),
        text=told.get("text", ""),
        media=tuple(MediaReference(MediaKind(kind), *rest) for kind, *rest in told.get("media", ())),
        target_id=told.get("target_id"),
        part_id=told.get("part_id"),
        status=DeliveryState(told["status"]) if "status" in told else None,
        error=ProviderError(ErrorAction(wrong[0]), wrong[1], "So it was.") if wrong else None,
    )
