"""An echo of our own message is known, whatever the one who sends it does at the same moment."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from app.domain.channels import AssistantChannel, ChannelEvent, ChannelKind, DeliveryState, EventKind
from app.domain.inbox import InboxItem
from app.domain.outbox import SENT_TWICE, OutboxPart
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


class OutboxThatGaveUp:
    """It has sent its part twice, and knows nothing more."""

    def __init__(self) -> None:
        self.advanced: list[tuple[str | None, DeliveryState]] = []

    def sending_to(self, conversation_id: str) -> list[OutboxPart]:
        return []

    def by_remote(self, channel_id: str, remote_id: str) -> OutboxPart | None:
        return None

    def sent_twice(self, conversation_id: str) -> list[OutboxPart]:
        return [replace(PART, state=DeliveryState.FAILED, error_code=SENT_TWICE)]

    def advance(self, part: OutboxPart, state: DeliveryState, now: datetime, error: None) -> bool:
        self.advanced.append((part.remote_id, state))
        return True


class Notes:
    def __init__(self) -> None:
        self.noted: list[str] = []

    def note(self, chat_id: str) -> None:
        self.noted.append(chat_id)


def test_a_part_that_was_given_up_and_arrived_is_no_persons() -> None:
    inbox, outbox, notes, nobody = Noting(), OutboxThatGaveUp(), Notes(), cast("Any", None)
    echoes = Echoes(
        cast("Any", inbox),
        cast("Any", outbox),
        nobody,
        cast("Any", inbox),
        automatic=nobody,
        conversations=nobody,
        notes=cast("Any", notes),
        clock=lambda: NOW,
    )

    echoes.record(AssistantChannel("c", "a", "u", ChannelKind.EVOLUTION, "Loja", "w", NOW), ITEM)

    assert inbox.noted == [ITEM]
    assert outbox.advanced == [("r", DeliveryState.ACCEPTED)]
    assert notes.noted == ["t"]


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
