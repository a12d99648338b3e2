"""Which webhook wants what, and when a delivery is tried again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.assistants import Assistant
from app.domain.webhooks import RETRY_DELAYS, EventType, Webhook

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WEBHOOK = Webhook("1", "https://example.com/", (EventType.DOCUMENT_READY,), NOW)


def test_a_webhook_wants_its_types_until_it_is_disabled() -> None:
    assert WEBHOOK.wants(EventType.DOCUMENT_READY)
    assert not WEBHOOK.wants(EventType.DOCUMENT_FAILED)
    assert not replace(WEBHOOK, disabled_at=NOW).wants(EventType.DOCUMENT_READY)


def test_an_assistant_announces_what_one_of_its_webhooks_wants() -> None:
    assistant = Assistant("2", "Loja", "3", "key", NOW)
    assert not assistant.announces(*EventType)

    assistant = replace(assistant, webhooks=(replace(WEBHOOK, disabled_at=NOW), WEBHOOK))

    assert assistant.announces(EventType.MESSAGE_FAILED, EventType.DOCUMENT_READY)
    assert not assistant.announces(EventType.MESSAGE_FAILED)


def test_the_retries_go_on_for_three_days() -> None:
    assert timedelta(days=3) < sum(RETRY_DELAYS, timedelta()) < timedelta(days=3.5)
    assert sorted(RETRY_DELAYS) == list(RETRY_DELAYS)
