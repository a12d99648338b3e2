"""Signatures of webhooks."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.security.webhook_signatures import new_webhook_secret, signed_headers

BODY = json.dumps({"type": "message.answered", "data": {"response": "São 5 dias úteis. 😀"}}, ensure_ascii=False)


def test_a_secret_is_random_and_long_enough() -> None:
    secrets = {new_webhook_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(secret.startswith("whsec_") for secret in secrets)
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}


def test_the_librarys_own_verification_accepts_the_signature() -> None:
    secret, brasilia = new_webhook_secret(), timezone(timedelta(hours=-3))

    headers = signed_headers(secret, "msg1", datetime.now(brasilia), BODY)

    assert headers["webhook-id"] == "msg1"
    assert headers["webhook-timestamp"].isdecimal()
    assert headers["webhook-signature"].startswith("v1,")
    assert Webhook(secret).verify(BODY.encode(), headers) == json.loads(BODY)


def test_another_body_id_time_or_secret_is_noticed() -> None:
    secret, now = new_webhook_secret(), datetime.now(UTC)
    good = signed_headers(secret, "msg1", now, BODY)
    tampered = [
        (secret, BODY + " ", good),
        (secret, BODY, {**good, "webhook-id": "msg2"}),
        (secret, BODY, {**good, "webhook-timestamp": str(int(now.timestamp()) + 1)}),
        (new_webhook_secret(), BODY, good),
        (secret, BODY, signed_headers(secret, "msg1", now - timedelta(hours=1), BODY)),
    ]

    for with_secret, body, headers in tampered:
        with pytest.raises(WebhookVerificationError):
            Webhook(with_secret).verify(body, headers)
