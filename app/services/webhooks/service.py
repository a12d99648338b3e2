"""Webhooks as their owners set them up."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.errors import ConflictError, NotFoundError
from app.domain.ids import new_id
from app.domain.permissions import Action
from app.domain.webhooks import MOST_WEBHOOKS, EventType, Webhook
from app.security.webhook_signatures import new_webhook_secret
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.ports import Clock
from app.services.ports.webhooks import Deliveries, Sender, Webhooks


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook that was just made, with the secret nobody is shown again."""

    webhook: Webhook
    secret: str


class WebhookService:
    """What an owner does with webhooks."""

    def __init__(
        self,
        access: Access,
        webhooks: Webhooks,
        deliveries: Deliveries,
        sender: Sender,
        clock: Clock,
        *,
        audit: AuditLog,
    ) -> None:
        self._access = access
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._sender = sender
        self._clock = clock
        self._audit = audit

    def page(self, caller: Caller, assistant_id: str, before: str | None, limit: int) -> list[Webhook]:
        """The webhooks of an assistant, newest first; raises `NotFoundError`, `ForbiddenError`."""
        webhooks = self._access.assistant(caller, assistant_id, Action.MANAGE_WEBHOOKS).webhooks
        newest = sorted(webhooks, key=lambda webhook: webhook.id, reverse=True)
        return [webhook for webhook in newest if before is None or webhook.id < before][:limit]

    def add(self, caller: Caller, assistant_id: str, url: str, events: Collection[EventType]) -> NewWebhook:
        """A new webhook, which is told of these types of events.

        Raises `NotFoundError`, `InvalidError` for a URL that nothing can be sent to, `ConflictError`
        `too_many_webhooks`.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_WEBHOOKS)
        self._sender.check(url)
        chosen = tuple(one for one in EventType if one in events)
        new = NewWebhook(Webhook(new_id(), url, chosen, self._clock()), new_webhook_secret())
        target, place, after = _target(new.webhook), Place.of(assistant), {"events": list(chosen)}
        with self._audit.change(caller, AuditAction.WEBHOOK_ADD, target, place, after=after):
            if not self._webhooks.add(assistant.id, new.webhook, new.secret, MOST_WEBHOOKS):
                sentence = f"An assistant has {MOST_WEBHOOKS} webhooks at most; delete one first."
                raise ConflictError(sentence, code="too_many_webhooks")
        return new

    def delete(self, caller: Caller, assistant_id: str, webhook_id: str) -> None:
        """Delete a webhook with all that was to be sent to it; raises `NotFoundError`, `ForbiddenError`."""
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_WEBHOOKS)
        webhook = next((one for one in assistant.webhooks if one.id == webhook_id), None)
        if webhook is None:
            raise NotFoundError("webhook")
        target, before = _target(webhook), {"events": list(webhook.events)}
        with self._audit.change(caller, AuditAction.WEBHOOK_DELETE, target, Place.of(assistant), before=before):
            if not self._webhooks.remove(assistant.id, webhook.id):
                raise NotFoundError("webhook")
        self._deliveries.delete_of_webhook(webhook_id)


def _target(webhook: Webhook) -> Target:
    """Its host alone, as paths and queries of such URLs are secrets."""
    return Target("webhook", webhook.id, urlsplit(webhook.url).hostname)
