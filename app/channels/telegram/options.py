"""A channel's options and secrets: which there are, and what is wrong with them."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

BASE_URL = "https://api.telegram.org"

# As the BotFather gives it: the bot's id, and what only its owner knows.
_BOT_TOKEN = re.compile(r"([0-9]{3,20}):[A-Za-z0-9_-]{20,100}", re.ASCII)
# https://core.telegram.org/bots/api#setwebhook, but not as short as it may be there.
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)
_URL = re.compile(r"[!-~]{1,500}")


def base_url(options: Mapping[str, str]) -> str:
    """Where the Bot API is, without a slash at its end."""
    return (options.get("base_url") or BASE_URL).rstrip("/")


def bot_id_of(secrets: Mapping[str, str]) -> str | None:
    """The bot's id, which its token begins with; None where that is no token, and fits into no URL."""
    token = _BOT_TOKEN.fullmatch(secrets.get("bot_token", ""))
    return token[1] if token else None


def problems(options: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, list[str]]:
    """What is missing or wrong, by the field's name."""
    found: dict[str, list[str]] = {}
    if not bot_id_of(secrets):
        found["bot_token"] = ["Enter the token that @BotFather gave you for the bot, such as 123456789:AAE…"]
    if not _WEBHOOK_SECRET.fullmatch(secrets.get("webhook_secret", "")):
        found["webhook_secret"] = ["Has to be 16 to 256 letters, digits, _ and -; leave it out, and one is made."]
    if not _is_base_url(base_url(options)):
        found["base_url"] = ["Enter the URL of a Bot API server of your own, without a query, or leave it out."]
    return found


def _is_base_url(url: str) -> bool:
    if not _URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        is_port = parts.port != 0
    except ValueError:
        return False
    is_plain = not ({"?", "#", "@"} & set(url))
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and is_plain and is_port
