"""WhatsApp by Meta's Cloud API: what the inbox and the outbox need of it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from app.channels.whatsapp_cloud.fields import read_json
from app.channels.whatsapp_cloud.graph import Graph, number_path
from app.channels.whatsapp_cloud.health import checks
from app.channels.whatsapp_cloud.media import MediaFetcher
from app.channels.whatsapp_cloud.numbers import numbers
from app.channels.whatsapp_cloud.parsing import events_of
from app.channels.whatsapp_cloud.sending import LONGEST_TEXT, accepted_id, message_body, typing_body
from app.channels.whatsapp_cloud.setup import connect, disconnect
from app.channels.whatsapp_cloud.templates import approved_templates
from app.channels.whatsapp_cloud.verification import verified
from app.domain.channels import (
    AssistantChannel,
    ChannelCheck,
    ChannelEvent,
    MediaReference,
    OutgoingPart,
    ProviderAccount,
    ProviderError,
    WebhookRequest,
)
from app.domain.message_templates import MessageTemplate
from app.net.provider_client import ProviderClient

_MOST_MEDIA_BYTES = 25 * 1024 * 1024


class WhatsAppCloud:
    """The Cloud API as a channel.

    Options: `phone_number_id`, `waba_id`, `app_id`; where not Meta's own, `base_url`, `graph_version` (as "v25.0")
    and `auth_header`. Any other header than `Authorization` means a partner, who knows the number by the key: for
    360dialog "D360-API-KEY" at https://waba-v2.360dialog.io; its `waba_id` and `app_id` are not needed.
    Secrets: `access_token`, `app_secret` (not for a partner) and `verify_token`, which this service makes itself.

    `media_origins` (as `http://127.0.0.1:8080`) may be sent the access token besides Meta's hosts.
    """

    longest_text = LONGEST_TEXT
    window_hours: float | None = 24.0
    typing_seconds = 24.0

    def __init__(
        self,
        client: ProviderClient,
        *,
        most_media_bytes: int = _MOST_MEDIA_BYTES,
        media_origins: Collection[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._graph = Graph(client)
        self._media = MediaFetcher(client, most_media_bytes, media_origins)
        self._clock = clock

    def verify(self, channel: AssistantChannel, request: WebhookRequest) -> str:
        """Meta's challenge for its first request, nothing for events; raises `WrongSignatureError`."""
        return verified(channel, request)

    def redacted(self, body: bytes) -> bytes:
        """The body as it came: Meta's have no secrets; raises `ValueError` where it is no JSON."""
        read_json(body)
        return body

    def parse(self, channel: AssistantChannel, body: bytes) -> Sequence[ChannelEvent]:
        """What the body tells of the channel's own number; other numbers of the account are other channels'."""
        return events_of(body, channel.options.get("phone_number_id", ""), self._clock())

    def send(self, channel: AssistantChannel, part: OutgoingPart) -> str:
        """Send a text to a phone number or a user id; returns WhatsApp's id of it, raises `ProviderError`."""
        return accepted_id(self._graph.post(channel, number_path(channel, "messages"), message_body(part)))

    def typing(self, channel: AssistantChannel, contact: str, remote_id: str) -> None:
        """Mark a message as read and show that an answer is being written; it does not matter if that fails."""
        with suppress(ProviderError):
            self._graph.post(channel, number_path(channel, "messages"), typing_body(remote_id))

    def accounts(self, channel: AssistantChannel) -> Sequence[ProviderAccount]:
        """The numbers that the token is good for; raises `ProviderError`."""
        return numbers(self._graph, channel)

    def approved(self, channel: AssistantChannel) -> Sequence[MessageTemplate]:
        """The account's approved templates that can be sent with texts alone; raises `ProviderError`."""
        return approved_templates(self._graph, channel)

    def fetch_media(self, channel: AssistantChannel, media: MediaReference) -> Iterator[bytes]:
        """The file's bytes, as they come; raises `ProviderError`."""
        return self._media.fetch(channel, media)

    def health(self, channel: AssistantChannel) -> Sequence[ChannelCheck]:
        """The token, its permissions, the number, both webhooks, whether Meta lets it send, and its payment."""
        return checks(self._graph, channel, self._clock())

    def connect(self, channel: AssistantChannel, webhook_url: str) -> None:
        """Have Meta post the number's events to this URL; may be repeated; raises `ProviderError`.

        Meta asks the URL for its challenge before it answers: the service has to be reachable already.
        """
        connect(self._graph, channel, webhook_url)

    def disconnect(self, channel: AssistantChannel) -> None:
        """Take the channel's URL back from its number and account; raises `ProviderError`.

        The app's subscription stays, which other channels may need, and so does a partner's.
        """
        disconnect(self._graph, channel)
