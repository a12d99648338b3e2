"""What of Evolution's webhooks is not stored."""

import json
from typing import Any

_SECRETS = {"apikey", "api_key", "token"}
_BULKY = {"base64", "jpegThumbnail", "qrcode"}


def redacted(body: bytes) -> bytes:
    """The body without Evolution's keys, without QR codes, and without files, which are fetched by their ids.

    Raises `ValueError` where it is no JSON.
    """
    try:
        return json.dumps(_without_secrets(json.loads(body)), separators=(",", ":")).encode()
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_secrets(held) for name, held in value.items() if not _is_dropped(name)}
    return [_without_secrets(held) for held in value] if isinstance(value, list) else value


def _is_dropped(name: str) -> bool:
    return name.lower() in _SECRETS or name in _BULKY
