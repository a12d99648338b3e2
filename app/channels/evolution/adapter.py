"""WhatsApp through Evolution API v2, which links to a phone as WhatsApp Web does."""

import hmac
from collections.abc import Container, Iterator, Sequence
from datetime import datetime

from app.channels.evolution import setup
from app.channels.evolution.api import EvolutionApi
from app.channels.evolution.health import checks
from app.channels.evolution.history import events_since
from app.channels.evolution.media import file_of
from app.channels.evolution.parsing import parsed
from app.channels.evolution.problems import problems
from app.channels.evolution.redaction import redacted
from app.channels.evolution.sending import send_text, sent_id
from app.domain.channels import (
    AssistantChannel,
    ChannelCheck,
    ChannelEvent,
    MediaReference,
    OutgoingPart,
    ProviderAccount,
    WebhookRequest,
    WrongSignatureError,
)
from app.net.provider_client import ProviderClient

_MOST_MEDIA_BYTES = 25 * 1024 * 1024


class Evolution:
    """Options: `base_url` (of the server) and `instance` (its name there). Secrets: `api_key` (the server's or the
    instance's) and `webhook_secret` (which this service makes up, and Evolution sends as `X-Webhook-Secret`).

    Contacts are WhatsApp's own ids, such as `5511987654321@s.whatsapp.net` or `123456789@lid`. A server in a
    private network is asked only where `client` allows it.
    """

    longest_text = 4096
    window_hours: float | None = None
    problems = staticmethod(problems)

    def __init__(self, client: ProviderClient, *, most_media_bytes: int = _MOST_MEDIA_BYTES) -> None:
        self._client = client
        self._api = EvolutionApi(client)
        self._most_media_bytes = most_media_bytes

    def verify(self, channel: AssistantChannel, request: WebhookRequest) -> str:
        """Nothing, to answer with; raises `WrongSignatureError`. Evolution signs no bytes, but sends our secret."""
        secret = channel.secrets.get("webhook_secret", "")
        sent = request.headers.get(setup.SECRET_HEADER.lower(), "")
        if not secret or request.method != "POST" or not hmac.compare_digest(secret.encode(), sent.encode()):
            raise WrongSignatureError
        return ""

    def redacted(self, body: bytes) -> bytes:
        """The body without keys, QR codes and files; raises `ValueError` where it is no JSON."""
        return redacted(body)

    def parse(self, channel: AssistantChannel, body: bytes) -> Sequence[ChannelEvent]:
        """Everything a body tells of, in its order."""
        return parsed(body)

    def send(self, channel: AssistantChannel, part: OutgoingPart) -> str:
        """Send a part; returns WhatsApp's id of it, raises `ProviderError`."""
        return send_text(self._api, channel, part)

    def was_sent(
        self, channel: AssistantChannel, part: OutgoingPart, since: datetime, known: Container[str] = frozenset()
    ) -> str | None:
        """WhatsApp's id of a part whose sending at `since` was left open; None if Evolution does not have it.

        `known` are ids of other parts, of the same text perhaps. Raises `ProviderError` where it cannot be found
        out, and then the part must not be sent again yet, whatever the error's action.
        """
        return sent_id(self._api, channel, part, since, known)

    def fetch_media(self, channel: AssistantChannel, media: MediaReference) -> Iterator[bytes]:
        """The file's bytes, as they come; raises `ProviderError`."""
        return file_of(self._client, channel, media, self._most_media_bytes)

    def health(self, channel: AssistantChannel) -> Sequence[ChannelCheck]:
        """What Evolution says now of server, key, instance, connection, webhook and database."""
        return list(checks(self._api, channel))

    def connect(self, channel: AssistantChannel, webhook_url: str) -> None:
        """Create the instance unless it is there, and set its webhook; raises `ProviderError`."""
        setup.set_up(self._api, channel, webhook_url)

    def disconnect(self, channel: AssistantChannel) -> None:
        """Switch the instance's webhook off, if it is the channel's; raises `ProviderError`.

        The instance stays, linked to its phone.
        """
        setup.switch_off(self._api, channel)

    def instances(self, channel: AssistantChannel) -> Sequence[setup.Instance]:
        """The instances that the channel's key may use; raises `ProviderError`."""
        return setup.instances(self._api, channel)

    def accounts(self, channel: AssistantChannel) -> Sequence[ProviderAccount]:
        """The instances, each as what a channel can be of; raises `ProviderError`."""
        found = self.instances(channel)
        return [ProviderAccount({"instance": one.name}, one.name, one.phone, one.state) for one in found]

    def state(self, channel: AssistantChannel) -> str:
        """Evolution's word for the connection to WhatsApp, which is no proof; raises `ProviderError`."""
        return setup.state_of(self._api, channel)

    def qr_code(self, channel: AssistantChannel) -> setup.QrCode | None:
        """What to scan with the phone; None if the instance is connected. Raises `ProviderError`."""
        return setup.qr_code(self._api, channel)

    def since(self, channel: AssistantChannel, moment: datetime) -> Sequence[ChannelEvent]:
        """What came since then, also what no webhook told of; raises `ProviderError`."""
        return events_since(self._api, channel, moment)
