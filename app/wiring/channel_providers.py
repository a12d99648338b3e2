"""The providers of channels, one entry each: nothing else names them."""

from collections.abc import Mapping

from app.channels.evolution.adapter import Evolution
from app.channels.evolution.fields import EvolutionFields
from app.channels.telegram.adapter import Telegram
from app.channels.telegram.fields import TelegramFields
from app.channels.web.adapter import VisitorMailbox, WebWidget
from app.channels.web.fields import WebFields
from app.channels.whatsapp_cloud.adapter import WhatsAppCloud
from app.channels.whatsapp_cloud.options import WhatsAppCloudFields
from app.domain.channels import ChannelKind
from app.net.provider_client import ProviderClient
from app.services.channels.provider import Provider


def channel_providers(client: ProviderClient, most_media_bytes: int) -> Mapping[ChannelKind, Provider]:
    """What each kind of channel is spoken to by; `most_media_bytes`: of a file that is fetched."""
    return {
        ChannelKind.WHATSAPP_CLOUD: cloud_provider(WhatsAppCloud(client, most_media_bytes=most_media_bytes)),
        ChannelKind.EVOLUTION: evolution_provider(Evolution(client, most_media_bytes=most_media_bytes)),
        ChannelKind.TELEGRAM: telegram_provider(Telegram(client, most_media_bytes=most_media_bytes)),
    }


def cloud_provider(cloud: WhatsAppCloud) -> Provider:
    """Meta's Cloud API."""
    return Provider(cloud, WhatsAppCloudFields(), setup=cloud, typing=cloud, templates=cloud, accounts=cloud)


def evolution_provider(evolution: Evolution) -> Provider:
    """Evolution API, which links to a phone, and whose webhooks may get lost."""
    return Provider(
        evolution,
        EvolutionFields(),
        setup=evolution,
        history=evolution,
        lookup=evolution,
        phone_link=evolution,
        accounts=evolution,
    )


def telegram_provider(telegram: Telegram) -> Provider:
    """Telegram's Bot API."""
    return Provider(telegram, TelegramFields(), setup=telegram, typing=telegram, accounts=telegram)


def web_provider(mailbox: VisitorMailbox) -> Provider:
    """The widget, whose provider is this service itself."""
    widget = WebWidget(mailbox)
    return Provider(widget, WebFields(), lookup=widget, typing=widget)
