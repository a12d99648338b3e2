"""What can be asked of Evolution about a channel, point by point, each with what to do."""

import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from app.channels.evolution.api import EvolutionApi, instance_path
from app.channels.evolution.content import clean, mapping
from app.channels.evolution.setup import EVENTS, SECRET_HEADER, instances, state_of
from app.domain.channels import AssistantChannel, ChannelCheck, ProviderError

_OF_INSTANCE = {"instance_missing"}
_OF_KEY = {"api_key_refused", "forbidden"}


def checks(api: EvolutionApi, channel: AssistantChannel) -> Iterator[ChannelCheck]:
    """Server, key, instance, connection, webhook and database, as far as it makes sense to ask on."""
    try:
        state = state_of(api, channel)
    except ProviderError as error:
        yield from _not_reached(error)
        return
    yield from (ChannelCheck(name, True) for name in ("server", "api_key", "instance"))
    yield _connection(state)
    if state == "open":
        yield from _answers(api, channel)
    yield _webhook(api, channel)
    if channel.last_in_at is not None:
        yield _database(api, channel)


def _not_reached(error: ProviderError) -> Iterator[ChannelCheck]:
    """The points up to the one that failed."""
    if error.code in _OF_INSTANCE:
        yield from (ChannelCheck("server", True), ChannelCheck("api_key", True))
        yield ChannelCheck("instance", False, error.message, "Connect the channel again: it creates the instance.")
    elif error.code in _OF_KEY:
        yield ChannelCheck("server", True)
        remedy = (
            "Copy AUTHENTICATION_API_KEY from the server's settings, or the instance's own key, into the channel."
        )
        yield ChannelCheck("api_key", False, error.message, remedy)
    else:
        remedy = "See that the server runs, and that the base URL is the one its Evolution Manager opens at."
        yield ChannelCheck("server", False, error.message, remedy)


def _connection(state: str) -> ChannelCheck:
    if state == "open":
        return ChannelCheck("whatsapp", True)
    cause = f"The instance is not connected to WhatsApp (its state is “{state[:20]}”)."
    return ChannelCheck("whatsapp", False, cause, "Scan the QR code with the phone: WhatsApp, Linked devices.")


def _answers(api: EvolutionApi, channel: AssistantChannel) -> Iterator[ChannelCheck]:
    """Evolution says "open" of dead connections, too: whether its own number exists is asked of WhatsApp itself.

    A recent version may know that from its cache, so that a message proves more.
    """
    try:
        found = [one for one in instances(api, channel) if one.name == channel.options["instance"]]
        phone = found[0].phone if found else None
        if phone is None:
            return
        api.post(channel, instance_path(channel, "/chat/whatsappNumbers"), {"numbers": [phone]})
    except ProviderError as error:
        cause = f"The connection to WhatsApp is said to be open, but does not answer. {error.message}"
        yield ChannelCheck("whatsapp_answers", False, cause, "Restart the instance in Evolution Manager.")
    else:
        yield ChannelCheck("whatsapp_answers", True)


def _webhook(api: EvolutionApi, channel: AssistantChannel) -> ChannelCheck:
    remedy = "Connect the channel again: it sets the webhook."
    try:
        cause = _wrong(mapping(api.get(channel, instance_path(channel, "/webhook/find"))), channel)
    except ProviderError as error:
        return ChannelCheck("webhook", False, error.message, remedy)
    return ChannelCheck("webhook", cause is None, cause, remedy if cause else None)


def _wrong(webhook: Mapping[str, Any], channel: AssistantChannel) -> str | None:
    events = webhook.get("events")
    missing = [name for name in EVENTS if not isinstance(events, list) or name not in events]
    secret = clean(mapping(webhook.get("headers")).get(SECRET_HEADER))
    if webhook.get("enabled") is not True:
        return "The instance has no webhook, or it is switched off."
    if channel.webhook_id not in clean(webhook.get("url")):
        return "The instance's webhook posts to another URL."
    if not hmac.compare_digest(secret.encode(), channel.secrets.get("webhook_secret", "").encode()):
        return f"The webhook does not send this channel's {SECRET_HEADER}."
    return f"The webhook does not tell of {', '.join(missing)}." if missing else None


def _database(api: EvolutionApi, channel: AssistantChannel) -> ChannelCheck:
    """Lost webhooks and files can be made up for only where Evolution keeps messages."""
    try:
        found = api.post(
            channel, instance_path(channel, "/chat/findMessages"), {"where": {}, "page": 1, "offset": 1}
        )
    except ProviderError as error:
        return ChannelCheck("database", False, error.message, "See Evolution API's log.")
    if mapping(mapping(found).get("messages")).get("total"):
        return ChannelCheck("database", True)
    cause = "Evolution API keeps no messages, so that lost webhooks cannot be made up for, nor files fetched."
    remedy = (
        "Set DATABASE_SAVE_DATA_NEW_MESSAGE=true and DATABASE_SAVE_MESSAGE_UPDATE=true, and restart the server."
    )
    return ChannelCheck("database", False, cause, remedy)
