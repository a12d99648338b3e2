"""A channel's options and secrets: which there are, and what is wrong with them."""

import re
from collections.abc import Mapping
from secrets import token_urlsafe
from urllib.parse import urlsplit

from app.domain.channels import AssistantChannel

BASE_URL = "https://graph.facebook.com"
GRAPH_VERSION = "v25.0"
AUTHORIZATION = "Authorization"

_VERIFY_TOKEN_BYTES = 24
_DIGITS = re.compile(r"[0-9]{1,32}")
# Meta's own, and that of its partner 360dialog.
_OFFICIAL_HOSTS = frozenset({"graph.facebook.com", "waba-v2.360dialog.io"})
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
# What a request cannot do without, or has of its own.
_TAKEN_HEADERS = frozenset({"accept", "connection", "content-length", "content-type", "host", "transfer-encoding"})
_CREDENTIAL = re.compile(r"[!-~]{1,2048}")


def base_url(channel: AssistantChannel) -> str:
    """Without a slash at its end."""
    return (channel.options.get("base_url") or BASE_URL).rstrip("/")


def graph_version(channel: AssistantChannel) -> str:
    """As `v25.0`."""
    return channel.options.get("graph_version") or GRAPH_VERSION


def auth_header(options: Mapping[str, str]) -> str:
    """The name of the header with the access token."""
    return options.get("auth_header") or AUTHORIZATION


def by_partner(options: Mapping[str, str]) -> bool:
    """Whether a partner stands between Meta and this channel, who knows the number by the key alone."""
    return auth_header(options).lower() != AUTHORIZATION.lower()


class WhatsAppCloudFields:
    """What is set up of a channel, for the service that keeps it.

    `automatic_messages`: texts that the phone's own app sends by itself, one a line.
    """

    options = frozenset(
        ("phone_number_id", "waba_id", "app_id", "base_url", "graph_version", "auth_header", "automatic_messages")
    )
    secrets = frozenset(("access_token", "app_secret", "verify_token"))

    def completed(
        self, options: Mapping[str, str], secrets: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Without the spaces around what was pasted, and with a verify token."""
        tidy = {name: value.strip() for name, value in options.items()}
        hidden = {name: value.strip() for name, value in secrets.items()}
        hidden["verify_token"] = hidden.get("verify_token") or token_urlsafe(_VERIFY_TOKEN_BYTES)
        return tidy, hidden

    def problems(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, list[str]]:
        """What is missing or wrong, by the field's name."""
        return problems(options, secrets)

    def account(self, options: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        """The number's id: each number is one channel's. Other servers speak for themselves."""
        number, base = options.get("phone_number_id"), options.get("base_url") or BASE_URL
        is_official = number is None or urlsplit(base).hostname in _OFFICIAL_HOSTS
        return number if is_official else f"{base.rstrip('/')}/{number}"


def problems(options: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, list[str]]:
    """What is missing or wrong, by the field's name."""
    found: dict[str, list[str]] = {}
    partner = by_partner(options)
    for name in ("phone_number_id",) if partner else ("phone_number_id", "waba_id", "app_id"):
        if not _DIGITS.fullmatch(options.get(name) or ""):
            found[name] = ["Enter the id as Meta shows it: digits only."]
    needed = (
        ("access_token", "verify_token") if by_partner(options) else ("access_token", "app_secret", "verify_token")
    )
    for name in needed:
        if not _CREDENTIAL.fullmatch(secrets.get(name) or ""):
            found[name] = ["Enter it as it was given: 1 to 2,048 characters without spaces."]
    if not _is_base_url(options.get("base_url") or BASE_URL):
        found["base_url"] = ["Enter a URL as https://graph.facebook.com, without a query."]
    if not _VERSION.fullmatch(options.get("graph_version") or GRAPH_VERSION):
        found["graph_version"] = ["Enter a version of the Graph API as v25.0."]
    header = auth_header(options)
    if not _HEADER_NAME.fullmatch(header) or header.lower() in _TAKEN_HEADERS:
        found["auth_header"] = ["Enter the name of the partner's header: letters, digits and hyphens."]
    return found


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_good = parts.port != 0
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and plain and port_is_good
