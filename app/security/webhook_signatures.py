"""Signatures of webhooks, as Standard Webhooks 1.0.0 has them, by its own library."""

import base64
import secrets
from datetime import UTC, datetime

from standardwebhooks import Webhook

_SECRET_BYTES = 32  # the specification wants 24 to 64


def new_webhook_secret() -> str:
    """A new secret: `whsec_` and 256 random bits in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def signed_headers(secret: str, message_id: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of an attempt made `at` a moment to send `body`; `message_id` has no full stop in it."""
    at = at.astimezone(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body),
    }
