"""What Telegram says of a channel, point by point, and what its owner can do where something is wrong.

Source: https://core.telegram.org/bots/api#getwebhookinfo
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from app.channels.telegram.api import BotApi
from app.channels.telegram.updates import UPDATES
from app.domain.channels import AssistantChannel, ChannelCheck, ProviderError

# Telegram tells of the last failure long after deliveries go well again.
_RECENT = timedelta(minutes=15)
_MANY = 100
_LONGEST_ERROR = 200
_REFUSED = "401"

_RECONNECT = "Connect the channel again, so that its webhook is set at Telegram."
_ASK_AGAIN = "See what the error says, and check the channel again."
_REACHABLE = (
    "Telegram has to reach this service by https at port 443, 80, 88 or 8443, with a certificate that "
    "browsers trust."
)


def checks(api: BotApi, channel: AssistantChannel, now: datetime) -> Sequence[ChannelCheck]:
    """The token, the webhook, and whether Telegram's deliveries arrive."""
    try:
        api.call(channel, "getMe")
    except ProviderError as error:
        return [_wrong(name, error.message, _ASK_AGAIN) for name in ("token", "webhook", "deliveries")]
    token = ChannelCheck("token", ok=True)
    try:
        told = api.call(channel, "getWebhookInfo")
    except ProviderError as error:
        return [token, *(_wrong(name, error.message, _ASK_AGAIN) for name in ("webhook", "deliveries"))]
    info = told if isinstance(told, dict) else {}
    return [token, _webhook(info, channel), _deliveries(info, now)]


def is_set(info: Any, webhook_url: str) -> bool:
    """Whether a webhook is this one, and what Telegram delivered to it was not refused for its secret."""
    if not isinstance(info, dict) or info.get("url") != webhook_url or not _brings_all(info):
        return False
    return _REFUSED not in str(info.get("last_error_message"))


def _brings_all(info: Mapping[str, Any]) -> bool:
    asked_for = info.get("allowed_updates")
    return not isinstance(asked_for, list) or not asked_for or set(UPDATES) <= {str(one) for one in asked_for}


def _webhook(info: Mapping[str, Any], channel: AssistantChannel) -> ChannelCheck:
    url = info.get("url")
    if not isinstance(url, str) or not url:
        return _wrong("webhook", "The bot has no webhook, so that Telegram sends nothing.", _RECONNECT)
    if not url.endswith(f"/{channel.webhook_id}"):
        return _wrong("webhook", "The bot's messages go to another URL than this channel's.", _RECONNECT)
    if not _brings_all(info):
        return _wrong("webhook", "The webhook is not asked to bring messages and their edits.", _RECONNECT)
    return ChannelCheck("webhook", ok=True)


def _deliveries(info: Mapping[str, Any], now: datetime) -> ChannelCheck:
    """Wrong while the last failure is recent or has left something waiting."""
    waiting, said = info.get("pending_update_count"), info.get("last_error_message")
    pending = waiting if isinstance(waiting, int) else 0
    failed_at = info.get("last_error_date")
    is_recent = isinstance(failed_at, int) and failed_at > (now - _RECENT).timestamp()
    if isinstance(said, str) and said and (is_recent or pending):
        at = f" at {datetime.fromtimestamp(failed_at, UTC):%Y-%m-%d %H:%M} UTC" if _is_moment(failed_at) else ""
        cause = f'Telegram could not deliver{at}: "{said[:_LONGEST_ERROR]}" ({pending} updates are waiting).'
        return _wrong("deliveries", cause, _remedy(said))
    if pending >= _MANY:
        return _wrong("deliveries", f"{pending} updates are waiting at Telegram.", _REACHABLE)
    return ChannelCheck("deliveries", ok=True)


def _remedy(said: str) -> str:
    return _RECONNECT if _REFUSED in said else _REACHABLE


def _is_moment(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and 0 < value < 2**33


def _wrong(name: str, cause: str, remedy: str) -> ChannelCheck:
    return ChannelCheck(name, ok=False, cause=cause, remedy=remedy)
