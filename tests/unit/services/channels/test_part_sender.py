"""What was being sent when a process died, and then when another did."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from app.domain.channels import AssistantChannel, ChannelKind, DeliveryState, OutgoingPart
from app.domain.conversations import Conversation
from app.domain.outbox import OutboxPart, begun
from app.services.channels.part_sender import PartSender
from app.services.channels.provider import Provider

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CHANNEL = AssistantChannel("c", "a", "u", ChannelKind.EVOLUTION, "Loja", "w", NOW)
LEFT = OutboxPart("p", "c", "a", "v", "t", 0, "55", "Olá!", NOW, NOW, state=DeliveryState.SENDING, resends=1)


class Outbox:
    """Has one part, which two processes were sending when they died."""

    def __init__(self) -> None:
        self.settled: list[OutboxPart] = []

    def open_parts(self, conversation_id: str) -> tuple[None, Sequence[OutboxPart]]:
        return None, [LEFT]

    def claim(self, part: OutboxPart, now: datetime) -> OutboxPart:
        return begun(part, now)

    def settle(self, part: OutboxPart, if_state: DeliveryState) -> bool:
        self.settled.append(part)
        return True

    def remote_ids(self, conversation_id: str) -> set[str]:
        return set()


class Rest:
    """The channel, its conversation, and the notes on its chats."""

    def lately(self, channel_id: str) -> AssistantChannel:
        return CHANNEL

    def by_ids(self, ids: Sequence[str]) -> dict[str, Conversation]:
        return {"v": cast(Conversation, Rest())}

    def note(self, *_: object, **moments: object) -> None:
        pass

    def follow(self, part: OutboxPart) -> None:
        pass

    windows: dict[str, datetime] = {}  # noqa: RUF012 - of the conversation


class Phone:
    """A provider, and its word for the part if it has it."""

    def __init__(self, found: str | None) -> None:
        self.found = found
        self.sent: list[str] = []

    def was_sent(
        self, channel: AssistantChannel, part: OutgoingPart, since: datetime, known: Container[str]
    ) -> str | None:
        return self.found

    def send(self, channel: AssistantChannel, part: OutgoingPart) -> str:
        self.sent.append(part.text)
        return "new"


@pytest.mark.parametrize(
    ("found", "can_be_asked", "sent", "became"),
    [
        ("old", True, [], (DeliveryState.ACCEPTED, "old")),
        (None, True, ["Olá!"], (DeliveryState.ACCEPTED, "new")),
        (None, False, [], (DeliveryState.FAILED, None)),
    ],
    ids=["it arrived", "it did not", "nobody knows"],
)
def test_it_is_sent_again_only_where_the_provider_says_that_it_has_it_not(
    found: str | None, can_be_asked: bool, sent: list[str], became: tuple[DeliveryState, str | None]
) -> None:
    outbox, rest, phone = Outbox(), cast(Any, Rest()), cast(Any, Phone(found))
    provider = Provider(phone, rest, lookup=phone if can_be_asked else None)
    sender = PartSender(cast(Any, outbox), rest, rest, {ChannelKind.EVOLUTION: provider}, rest, clock=lambda: NOW)

    sender.send_all("v")

    (part,) = outbox.settled
    assert (phone.sent, (part.state, part.remote_id)) == (sent, became)
    assert replace(part, text="") != LEFT
