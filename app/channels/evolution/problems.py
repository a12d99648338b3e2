"""What is wrong with the options and secrets of an Evolution channel, before anybody is asked."""

from collections.abc import Mapping
from urllib.parse import urlsplit

_LONGEST = 500


def problems(options: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, list[str]]:
    """Sentences by field, for each that is missing or wrong. `webhook_secret` is made by this service."""
    found = {
        "base_url": _of_base_url(options.get("base_url", "").strip()),
        "instance": _of_instance(options.get("instance", "")),
        "api_key": _of_api_key(secrets.get("api_key", "")),
    }
    return {field: [sentence] for field, sentence in found.items() if sentence is not None}


def _of_base_url(url: str) -> str | None:
    if not url:
        return "Give the URL of your Evolution API, such as https://evolution.example.com."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is not a URL that can be read."
    if parts.scheme not in {"http", "https"} or not host:
        return "The URL has to begin with https:// or http://, and to name a host."
    if parts.username is not None or parts.query or parts.fragment:
        return "The URL may have no user name, no question mark and no hash sign."
    return f"The URL is longer than {_LONGEST} characters." if len(url) > _LONGEST else None


def _of_instance(name: str) -> str | None:
    if not name.strip():
        return "Give the name of the instance; if there is none of this name, it is created."
    if (
        len(name) > 100
        or not name.isprintable()
        or name != name.strip()
        or set(name) & set("/\\?#%")
        or name in {".", ".."}
    ):
        return "The name has at most 100 characters, and no slash, question mark, hash or percent sign."
    return None


def _of_api_key(key: str) -> str | None:
    if not key:
        return "Give the API key of the server (AUTHENTICATION_API_KEY) or of the instance."
    if len(key) > _LONGEST or not key.isascii() or not key.isprintable() or " " in key:
        return f"The API key has at most {_LONGEST} characters, all of them ASCII, and no space."
    return None
