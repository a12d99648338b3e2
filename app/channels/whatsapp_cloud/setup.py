"""Telling Meta, or a partner, where to post to.

Source: https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override
"""

from collections.abc import Mapping
from typing import Any

from app.channels.whatsapp_cloud.fields import items, part, text
from app.channels.whatsapp_cloud.graph import Graph, needed
from app.channels.whatsapp_cloud.options import by_partner
from app.channels.whatsapp_cloud.verification import PARTNER_HEADER
from app.domain.channels import AssistantChannel, ErrorAction, ProviderError

WEBHOOK_FIELDS = ("messages", "smb_message_echoes", "standby")
PARTNER_WEBHOOK = "v1/configs/webhook"
_OBJECT = "whatsapp_business_account"
_LONGEST_URL = 200


def connect(graph: Graph, channel: AssistantChannel, webhook_url: str) -> None:
    """Subscribe this service to the number's events; may be repeated; raises `ProviderError`.

    The app's subscription says which events there are, the account's that the app gets them. The number's own URL
    wins over the account's and the app's, so that two numbers of one account can be two channels.
    """
    if len(webhook_url) > _LONGEST_URL:
        sentence = f"Meta takes no webhook URL of more than {_LONGEST_URL} characters; use a shorter host name."
        raise ProviderError(ErrorAction.PAUSE, "url_too_long", sentence)
    verify_token = needed(channel.secrets, "verify_token")
    if by_partner(channel.options):
        graph.post(channel, PARTNER_WEBHOOK, _partner_body(webhook_url, verify_token))
        return
    _subscribe_app(graph, channel, webhook_url, verify_token)
    account = f"{needed(channel.options, 'waba_id')}/subscribed_apps"
    override = {"override_callback_uri": webhook_url, "verify_token": verify_token}
    _confirmed(graph.post(channel, account, {}))
    _confirmed(graph.post(channel, account, override))
    _confirmed(graph.post(channel, needed(channel.options, "phone_number_id"), {"webhook_configuration": override}))


def disconnect(graph: Graph, channel: AssistantChannel) -> None:
    """Take the channel's URL back from its number and its account, where it is theirs; raises `ProviderError`."""
    if by_partner(channel.options):
        return
    number = needed(channel.options, "phone_number_id")
    urls = part(graph.get(channel, number, {"fields": "webhook_configuration"}), "webhook_configuration")
    ours = {level for level in urls if text(urls, level).endswith(f"/{channel.webhook_id}")}
    if "phone_number" in ours:
        graph.post(channel, number, {"webhook_configuration": {"override_callback_uri": ""}})
    if "whatsapp_business_account" in ours:
        graph.post(channel, f"{needed(channel.options, 'waba_id')}/subscribed_apps", {})


def app_subscription(graph: Graph, channel: AssistantChannel) -> tuple[Mapping[str, Any], set[str]]:
    """The app's subscription to WhatsApp accounts, empty where there is none, and the names of its fields."""
    answer = graph.get_as_app(channel, f"{needed(channel.options, 'app_id')}/subscriptions", {})
    for one in items(answer, "data"):
        if isinstance(one, dict) and one.get("object") == _OBJECT and one.get("active") is not False:
            return one, {_field_name(field) for field in items(one, "fields")}
    return {}, set()


def _subscribe_app(graph: Graph, channel: AssistantChannel, webhook_url: str, verify_token: str) -> None:
    """Where the app posts to another URL already, and all that is needed, it is left as it is."""
    there, fields = app_subscription(graph, channel)
    if there and fields.issuperset(WEBHOOK_FIELDS):
        return
    body = {
        "object": _OBJECT,
        "callback_url": webhook_url,
        "verify_token": verify_token,
        "fields": ",".join(sorted(fields.union(WEBHOOK_FIELDS))),
    }
    _confirmed(graph.post_as_app(channel, f"{needed(channel.options, 'app_id')}/subscriptions", body))


def _partner_body(webhook_url: str, verify_token: str) -> dict[str, Any]:
    return {"url": webhook_url, "headers": {PARTNER_HEADER: verify_token}}


def _field_name(field: Any) -> str:
    return text(field, "name") if isinstance(field, dict) else str(field)


def _confirmed(answer: Mapping[str, Any]) -> None:
    if answer.get("success") is not True:
        raise ProviderError(ErrorAction.RETRY, "odd_answer", "WhatsApp did not confirm the webhook; try again.")
