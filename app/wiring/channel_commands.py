"""Channels from the command line."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime

from app.domain.channels import AssistantChannel, ChannelKind
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.net.reachability import OwnAddress
from app.services.access import Access
from app.services.channels.announcements import ChannelAnnouncements
from app.services.channels.service import ChannelService, NewChannel
from app.services.webhooks.events import WebhookEvents
from app.settings import Settings
from app.wiring.audit import audit_log
from app.wiring.channel_providers import channel_providers, web_provider
from app.wiring.database import database_failures_explained
from app.wiring.engines import open_whole_database, provider_client, vault_of
from app.wiring.repositories import open_repositories


def add_channel(
    settings: Settings, assistant_id: str, kind: ChannelKind, name: str, values: Mapping[str, str]
) -> tuple[AssistantChannel, str]:
    """A new channel of an assistant, made in its owner's name, and the address of the service.

    Beside a running service, which a provider may ask at once, or alone. Raises as `ChannelService.add` does, and
    `UnavailableError`, `ArchiveError`.
    """

    def clock() -> datetime:
        return datetime.now(UTC)

    with database_failures_explained(), ExitStack() as closing:
        opened = open_whole_database(settings, closing, beside_service=True)
        rows = open_repositories(opened.database, opened.dialect, vault_of(settings), clock)
        client = provider_client(settings)
        service = ChannelService(
            Access(rows.assistants),
            rows.channels,
            {
                **channel_providers(client, settings.media_max_bytes),
                ChannelKind.WEB: web_provider(rows.visitor_sessions),
            },
            clock,
            own_address=OwnAddress(client),
            announcements=ChannelAnnouncements(
                rows.assistants, WebhookEvents(rows.webhook_deliveries, clock, lambda: None), clock
            ),
            audit=audit_log(rows, clock),
            wake=lambda: None,
            deleted=lambda _channel_id: None,
            has_room=lambda _assistant_id: True,
        )
        assistant = rows.assistants.by_id(assistant_id) if is_id(assistant_id) else None
        owner = rows.users.by_id(assistant.owner_id) if assistant else None
        if owner is None:
            raise NotFoundError("assistant")
        base = (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
        channel = service.add(owner, assistant_id, NewChannel(kind, name, values), base)
        return channel, base
