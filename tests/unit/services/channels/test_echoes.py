"""An echo of our own message is known, whatever the one who sends it does at the same moment."""

from datetime import UTC, datetime
from typing import Any, cast

from app.domain.channels import AssistantChannel, ChannelEvent, ChannelKind, DeliveryState, EventKind
from app.domain.inbox import InboxItem
from app.domain.outbox import OutboxPart
from app.services.channels.echoes import Echoes

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PART = OutboxPart("p", "c", "a", "v", "t", 0, "55", "Olá!", NOW, NOW, state=DeliveryState.SENDING)
ITEM = InboxItem(
    "i", "c", "a", "v", "e", "+55", "Whatsapp", ChannelEvent(EventKind.ECHO, "r", "55", text="Olá!"), NOW, NOW, NOW
)


class OutboxThatSettles:
    """Its part is being sent at the first look, and was sent at the second."""

    def __init__(self) -> None:
        self.looks = 0

    def sending_to(self, conversation_id: str) -> list[OutboxPart]:
        self.looks += 1
        return [PART] if self.looks == 1 else []

    def by_remote(self, channel_id: str, remote_id: str) -> OutboxPart | None:
        self.looks += 1
        return PART if self.looks > 1 else None


class Noting:
    def __init__(self) -> None:
        self.noted: list[InboxItem] = []

    def note(self, item: InboxItem) -> bool:
        self.noted.append(item)
        return True

    def by_id(self, assistant_id: str) -> object:
        return object()


def test_our_own_message_is_no_persons_though_it_is_accepted_meanwhile() -> None:
    inbox, nobody = Noting(), cast("Any", None)
    echoes = Echoes(
        cast("Any", inbox),
        cast("Any", OutboxThatSettles()),
        nobody,
        cast("Any", inbox),
        automatic=nobody,
        conversations=nobody,
        notes=nobody,
        clock=lambda: NOW,
    )

    echoes.record(AssistantChannel("c", "a", "u", ChannelKind.EVOLUTION, "Loja", "w", NOW), ITEM)

    assert inbox.noted == [ITEM]
