"""What Meta says of a channel, point by point, and what its owner can do where something is wrong.

Sources: https://developers.facebook.com/docs/graph-api/reference/debug_token and
https://developers.facebook.com/docs/whatsapp/cloud-api/health-status
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.channels.whatsapp_cloud.fields import items, part, text
from app.channels.whatsapp_cloud.graph import Graph, needed
from app.channels.whatsapp_cloud.options import by_partner
from app.channels.whatsapp_cloud.setup import PARTNER_WEBHOOK, WEBHOOK_FIELDS, app_subscription
from app.domain.channels import AssistantChannel, ChannelCheck, ProviderError

SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
_SOON = timedelta(days=7)
_HEALTH = ("messaging", "app", "payment")
_PAYMENT_ERRORS = {131042, 141006}

_ELSEWHERE = "The number's events go to another URL than this channel's."
_RECONNECT = "Connect the channel again, so that its webhook is set at Meta."
_RENEW = "Create a permanent token of a system user in Meta's business settings, and enter it in the channel."
_ASK_AGAIN = "See what the error says, and check the channel again."


def checks(graph: Graph, channel: AssistantChannel, now: datetime) -> list[ChannelCheck]:
    """Asks for every point by itself, so that one that cannot be known hides no other."""
    return [check for ask in _points(graph, channel, now) for check in ask]


def _points(graph: Graph, channel: AssistantChannel, now: datetime) -> list[Sequence[ChannelCheck]]:
    if by_partner(channel.options):
        return [
            _known(("account_webhook",), lambda: [_partner_webhook(graph, channel)]),
            _known(_HEALTH, lambda: _messaging(graph.get(channel, "health_status"))),
        ]
    return [
        _known(("token", "permissions"), lambda: _token(graph, channel, now)),
        _known(("number",), lambda: [_number(graph, channel)]),
        _known(("app_webhook",), lambda: [_app_webhook(graph, channel)]),
        _known(("account_webhook",), lambda: [_account_webhook(graph, channel)]),
        _known(_HEALTH, lambda: _messaging(_health_status(graph, channel))),
    ]


def _known(names: Sequence[str], ask: Callable[[], Sequence[ChannelCheck]]) -> Sequence[ChannelCheck]:
    try:
        return ask()
    except ProviderError as error:
        return [ChannelCheck(name, ok=False, cause=error.message, remedy=_ASK_AGAIN) for name in names]


def _token(graph: Graph, channel: AssistantChannel, now: datetime) -> list[ChannelCheck]:
    token = needed(channel.secrets, "access_token")
    data = part(graph.get_as_app(channel, "debug_token", {"input_token": token}), "data")
    return [_validity(data, needed(channel.options, "app_id"), now), _permissions(data, channel)]


def _validity(data: Mapping[str, Any], app_id: str, now: datetime) -> ChannelCheck:
    if data.get("is_valid") is not True:
        return _wrong("token", "Meta says that the access token is not valid, or not any more.", _RENEW)
    if str(data.get("app_id")) != app_id:
        return _wrong("token", "The access token is of another app than the channel's.", _RENEW)
    expires = data.get("expires_at")
    if isinstance(expires, int) and 0 < expires < (now + _SOON).timestamp():
        moment = datetime.fromtimestamp(expires, UTC)
        return _wrong("token", f"The access token is good until {moment:%Y-%m-%d %H:%M} UTC only.", _RENEW)
    return ChannelCheck("token", ok=True)


def _permissions(data: Mapping[str, Any], channel: AssistantChannel) -> ChannelCheck:
    granted = {one for one in items(data, "scopes") if isinstance(one, str)}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        remedy = "Create the token again with these permissions."
        return _wrong("permissions", f"The access token lacks {' and '.join(missing)}.", remedy)
    for one in items(data, "granular_scopes"):
        targets = items(one, "target_ids") if isinstance(one, dict) and one.get("scope") in SCOPES else []
        if targets and channel.options.get("waba_id", "") not in [str(target) for target in targets]:
            remedy = "Give the token's system user the account in Meta's business settings."
            return _wrong("permissions", "The access token has no right to this WhatsApp account.", remedy)
    return ChannelCheck("permissions", ok=True)


def _number(graph: Graph, channel: AssistantChannel) -> ChannelCheck:
    account, number = needed(channel.options, "waba_id"), needed(channel.options, "phone_number_id")
    query = {"fields": "id,display_phone_number,status,platform_type", "limit": "100"}
    answer = graph.get(channel, f"{account}/phone_numbers", query)
    found = next((one for one in items(answer, "data") if isinstance(one, dict) and one.get("id") == number), None)
    if found is None:
        remedy = "Choose one of the numbers that WhatsApp Manager shows for this account."
        return _wrong("number", "The WhatsApp account has no number with this id.", remedy)
    if text(found, "platform_type") not in {"", "CLOUD_API"} or text(found, "status") != "CONNECTED":
        remedy = "Register the number for the Cloud API in WhatsApp Manager."
        state = text(found, "status") or "unknown"
        return _wrong("number", f"The number is not registered for the Cloud API (status {state}).", remedy)
    return ChannelCheck("number", ok=True)


def _app_webhook(graph: Graph, channel: AssistantChannel) -> ChannelCheck:
    there, fields = app_subscription(graph, channel)
    if not there:
        return _wrong("app_webhook", "The app is not subscribed to WhatsApp accounts.", _RECONNECT)
    missing = sorted(set(WEBHOOK_FIELDS) - fields)
    if missing:
        return _wrong("app_webhook", f"The app is not subscribed to {', '.join(missing)}.", _RECONNECT)
    return ChannelCheck("app_webhook", ok=True)


def _account_webhook(graph: Graph, channel: AssistantChannel) -> ChannelCheck:
    """Whether the account's events come to the app, and the number's to this channel's URL."""
    account, number = needed(channel.options, "waba_id"), needed(channel.options, "phone_number_id")
    subscribed = items(graph.get(channel, f"{account}/subscribed_apps"), "data")
    apps = [part(one, "whatsapp_business_api_data") for one in subscribed]
    if needed(channel.options, "app_id") not in [str(app.get("id")) for app in apps]:
        return _wrong("account_webhook", "The WhatsApp account sends the app no events.", _RECONNECT)
    urls = part(graph.get(channel, number, {"fields": "webhook_configuration"}), "webhook_configuration")
    levels = ("phone_number", "whatsapp_business_account", "application")
    url = next((text(urls, level) for level in levels if text(urls, level)), "")
    if not url.endswith(f"/{channel.webhook_id}"):
        return _wrong("account_webhook", _ELSEWHERE, _RECONNECT)
    return ChannelCheck("account_webhook", ok=True)


def _partner_webhook(graph: Graph, channel: AssistantChannel) -> ChannelCheck:
    if not text(graph.get(channel, PARTNER_WEBHOOK), "url").endswith(f"/{channel.webhook_id}"):
        return _wrong("account_webhook", _ELSEWHERE, _RECONNECT)
    return ChannelCheck("account_webhook", ok=True)


def _health_status(graph: Graph, channel: AssistantChannel) -> dict[str, Any]:
    return graph.get(channel, needed(channel.options, "phone_number_id"), {"fields": "health_status"})


def _messaging(answer: Mapping[str, Any]) -> list[ChannelCheck]:
    """Whether messages can be sent, as Meta sees its number, account, business and app; and are paid for."""
    status = part(answer, "health_status")
    entities = [one for one in items(status, "entities") if isinstance(one, dict)]
    errors = [error for one in entities for error in items(one, "errors") if isinstance(error, dict)]
    unpaid = [error for error in errors if error.get("error_code") in _PAYMENT_ERRORS]
    payment = ChannelCheck("payment", ok=True)
    if unpaid:
        cause = "The WhatsApp account has no valid payment method; Meta accepts messages and delivers none."
        payment = _wrong("payment", cause, "Add a payment method in WhatsApp Manager.")
    blocked = [one for one in entities if one.get("can_send_message") == "BLOCKED"]
    if status.get("can_send_message") not in {"AVAILABLE", "LIMITED"}:
        return [_blocked(blocked, errors), _app(entities), payment]
    return [ChannelCheck("messaging", ok=True), _app(entities), payment]


def _app(entities: Sequence[Mapping[str, Any]]) -> ChannelCheck:
    """Whether Meta lets the app send, which it does not of one that is in development."""
    for entity in entities:
        if text(entity, "entity_type") == "APP" and entity.get("can_send_message") == "BLOCKED":
            errors = [error for error in items(entity, "errors") if isinstance(error, dict)]
            said = " ".join(text(error, "error_description") for error in errors)[:300]
            remedy = "Switch the app to live mode at developers.facebook.com, and see what it is restricted for."
            return _wrong("app", f"Meta does not let the app send. {said}".strip(), remedy)
    return ChannelCheck("app", ok=True)


def _blocked(entities: Sequence[Mapping[str, Any]], errors: Sequence[Mapping[str, Any]]) -> ChannelCheck:
    kinds = ", ".join(text(one, "entity_type") for one in entities) or "unknown"
    said = " ".join(text(error, "error_description") for error in errors)[:300]
    remedy = " ".join(text(error, "possible_solution") for error in errors)[:300]
    cause = f"Meta lets nothing be sent (blocked: {kinds}). {said}".strip()
    return _wrong("messaging", cause, remedy or "See WhatsApp Manager; the app has to be live, and not restricted.")


def _wrong(name: str, cause: str, remedy: str) -> ChannelCheck:
    return ChannelCheck(name, ok=False, cause=cause, remedy=remedy)
