"""Setting up Evolution's side: the instance, its webhook, and its QR code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.channels.evolution.api import EvolutionApi, instance_path
from app.channels.evolution.content import clean, mapping
from app.domain.channels import AssistantChannel, ErrorAction, ProviderError

SECRET_HEADER = "X-Webhook-Secret"  # noqa: S105 - the header's name
EVENTS = (
    *("MESSAGES_UPSERT", "MESSAGES_UPDATE", "MESSAGES_EDITED", "MESSAGES_DELETE"),
    *("SEND_MESSAGE", "CONNECTION_UPDATE", "QRCODE_UPDATED"),
)


@dataclass(frozen=True, slots=True)
class Instance:
    """A number that Evolution serves, or could; `phone` in digits, once one was connected."""

    name: str
    state: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class QrCode:
    """`image` is a data URL of a PNG; the code is good for less than a minute."""

    image: str
    pairing_code: str | None = None


def instances(api: EvolutionApi, channel: AssistantChannel) -> Sequence[Instance]:
    """The instances that the channel's key may use; raises `ProviderError`."""
    found = api.get(channel, "/instance/fetchInstances")
    items = found if isinstance(found, list) else []
    return [_instance(item) for item in map(mapping, items) if clean(item.get("name"))]


def set_up(api: EvolutionApi, channel: AssistantChannel, webhook_url: str) -> None:
    """Create the instance unless it is there, and have its webhooks posted to a URL; raises `ProviderError`."""
    if not channel.secrets.get("webhook_secret"):
        sentence = "The channel has no secret for its webhook. Delete the channel, and add it again."
        raise ProviderError(ErrorAction.PAUSE, "no_webhook_secret", sentence)
    _ensure_instance(api, channel)
    webhook = {
        "enabled": True,
        "url": webhook_url,
        "headers": {SECRET_HEADER: channel.secrets["webhook_secret"]},
        "byEvents": False,
        "base64": False,
        "events": list(EVENTS),
    }
    api.post(channel, instance_path(channel, "/webhook/set"), {"webhook": webhook})


def switch_off(api: EvolutionApi, channel: AssistantChannel) -> None:
    """Switch the instance's webhook off, if it is the channel's; raises `ProviderError`."""
    webhook = mapping(api.get(channel, instance_path(channel, "/webhook/find")))
    url = clean(webhook.get("url"))
    if webhook.get("enabled") is True and channel.webhook_id in url:
        off = {"enabled": False, "url": url, "headers": {}, "byEvents": False, "base64": False, "events": []}
        api.post(channel, instance_path(channel, "/webhook/set"), {"webhook": off})


def state_of(api: EvolutionApi, channel: AssistantChannel) -> str:
    """Evolution's word for the connection to WhatsApp: "open", "connecting" or "close"; raises `ProviderError`.

    It may say "open" of a connection that is dead.
    """
    answer = api.get(channel, instance_path(channel, "/instance/connectionState"))
    return clean(mapping(mapping(answer).get("instance")).get("state")) or "close"


def qr_code(api: EvolutionApi, channel: AssistantChannel) -> QrCode | None:
    """What to scan with the phone; None if the instance is connected. Raises `ProviderError`."""
    answer = mapping(api.get(channel, instance_path(channel, "/instance/connect")))
    code: Mapping[str, Any] = mapping(answer.get("qrcode")) or answer
    image = clean(code.get("base64"))
    if image.startswith("data:image/png;base64,"):
        return QrCode(image, clean(code.get("pairingCode")) or None)
    if mapping(answer.get("instance")).get("state") == "open":
        return None
    sentence = "Evolution API has no QR code yet. Ask again in a few seconds; if there is none then, restart it."
    raise ProviderError(ErrorAction.RETRY, "no_qr_code", sentence, retry_after=3)


def _ensure_instance(api: EvolutionApi, channel: AssistantChannel) -> None:
    try:
        state_of(api, channel)
    except ProviderError as error:
        if error.code != "instance_missing":
            raise
        name = channel.options["instance"]
        body = {"instanceName": name, "integration": "WHATSAPP-BAILEYS", "qrcode": False, "groupsIgnore": True}
        api.post(channel, "/instance/create", body)


def _instance(item: Mapping[str, Any]) -> Instance:
    phone = clean(item.get("ownerJid")).partition("@")[0].partition(":")[0]
    return Instance(clean(item.get("name")), clean(item.get("connectionStatus")) or "close", phone or None)
