"""Whether a webhook comes from Meta, or from the partner.

Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hashlib
import hmac

from app.channels.whatsapp_cloud.options import by_partner
from app.domain.channels import AssistantChannel, WebhookRequest, WrongSignatureError

PARTNER_HEADER = "x-webhook-secret"
"""What a partner, who does not sign, is told to send the channel's verify token in."""

_SIGNATURE_HEADER = "x-hub-signature-256"


def verified(channel: AssistantChannel, request: WebhookRequest) -> str:
    """The answer: to Meta's first request its challenge, to events nothing; raises `WrongSignatureError`."""
    if request.method == "GET":
        return _challenge(channel, request)
    if by_partner(channel.options):
        _demand_same(request.headers.get(PARTNER_HEADER, ""), channel.secrets.get("verify_token", ""))
    else:
        secret = channel.secrets.get("app_secret", "")
        signature = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest() if secret else ""
        _demand_same(request.headers.get(_SIGNATURE_HEADER, ""), signature and f"sha256={signature}")
    return ""


def _challenge(channel: AssistantChannel, request: WebhookRequest) -> str:
    if request.query.get("hub.mode") != "subscribe":
        raise WrongSignatureError
    _demand_same(request.query.get("hub.verify_token", ""), channel.secrets.get("verify_token", ""))
    return request.query.get("hub.challenge", "")


def _demand_same(given: str, wanted: str) -> None:
    same = hmac.compare_digest(given.encode(errors="surrogatepass"), wanted.encode(errors="surrogatepass"))
    if not wanted or not same:
        raise WrongSignatureError
