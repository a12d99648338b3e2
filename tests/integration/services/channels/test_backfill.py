"""What a provider is asked for, as webhooks get lost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.channels import Alias, AliasKind, AssistantChannel, ChannelEvent, ChannelKind, EventKind
from app.domain.conversations import Channel, conversation_id_of
from app.domain.ids import made_at, new_id
from app.domain.inbox import RawEvent
from app.services.channels.backfill import Backfill
from app.services.channels.provider import Provider
from app.wiring.repositories import Repositories
from tests.fakes.provider import FakeFields, FakeProvider
from tests.integration.rows import NOW, World

ERASED_AT = new_id()


class History:
    """A provider's messages."""

    def __init__(self, *events: ChannelEvent) -> None:
        self.events = events

    def since(self, channel: AssistantChannel, moment: datetime) -> Sequence[ChannelEvent]:
        return self.events


class Handlers:
    """Notes what is handled."""

    def __init__(self) -> None:
        self.handled: list[str] = []

    def handle(self, channel: AssistantChannel, raw: RawEvent, event: ChannelEvent) -> str:
        self.handled.append(event.remote_id)
        return ""


def said(remote_id: str, alias: Alias, seconds: float) -> ChannelEvent:
    """A message of so long after the erasure."""
    at = made_at(ERASED_AT) + timedelta(seconds=seconds)
    return ChannelEvent(EventKind.MESSAGE, remote_id, alias.value, aliases=(alias,), at=at)


@pytest.mark.parametrize("alias", [Alias(AliasKind.PHONE, "551388593464"), Alias(AliasKind.LID, "998877")])
def test_what_was_deleted_does_not_come_back(world: World, rows: Repositories, alias: Alias) -> None:
    channel = AssistantChannel(new_id(), new_id(), new_id(), ChannelKind.EVOLUTION, "Loja", new_id(), NOW)
    address = "+5513988593464" if alias.kind is AliasKind.PHONE else "lid:998877"
    rows.channels.add(channel, None)
    erased = conversation_id_of(channel.assistant_id, Channel(address, "Whatsapp"))
    rows.erasures.order(replace(world.conversation(), id=erased), ERASED_AT)
    other = Alias(AliasKind.PHONE, "5521977776666")
    history = History(said("before", alias, -60), said("after", alias, 1), said("of another", other, -60))
    providers = {ChannelKind.EVOLUTION: Provider(FakeProvider(), FakeFields(), history=history)}
    handlers = Handlers()

    Backfill(rows.channels, providers, handlers, rows.erasures, world.clock).sweep()  # type: ignore[arg-type]

    assert [one for one in handlers.handled if one] == ["after", "of another"]
    rows.channels.delete(channel.id, world.clock())
