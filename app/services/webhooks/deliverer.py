"""Sends what is due to a webhook, and writes down what became of it."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.domain.deadline import Deadline
from app.domain.errors import SendError
from app.domain.webhooks import Delivery, Receiver, ReceiverAnswer
from app.security.webhook_signatures import signed_headers
from app.services.ports import Clock
from app.services.ports.webhooks import Deliveries, Sender, Webhooks
from app.services.webhooks.retries import next_attempt, pause_after_failure

# Twice as long as an attempt takes at most: the deliveries of a process that died are sent by another one then.
_LEASE = timedelta(seconds=30)
_TURN_SECONDS = 30
_PROMPT_SECONDS = 5
_GONE = 410
_DISABLED = "The webhook is disabled, as its receiver answered with status 410 (Gone)."
_UNREADABLE_SECRET = "The webhook's secret cannot be read, as another SECRET_KEY encrypted it."  # noqa: S105


class Deliverer:
    """Makes attempts. A receiver may get a delivery twice, under the same id, but not none: a lease that a process
    dies with runs out.
    """

    def __init__(self, webhooks: Webhooks, deliveries: Deliveries, sender: Sender, clock: Clock) -> None:
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._sender = sender
        self._clock = clock

    def deliver(self, assistant_id: str, webhook_id: str, is_stopping: Callable[[], bool]) -> bool:
        """Send what is due to a webhook, one after another, until one fails, or for 30 seconds.

        Returns whether the receiver took everything, and promptly.
        """
        receiver = self._webhooks.receiver(assistant_id, webhook_id)
        if receiver is None:
            self._deliveries.delete_of_webhook(webhook_id)
            return True
        if receiver.is_disabled:
            self._deliveries.give_up_of_webhook(webhook_id, _DISABLED, self._clock())
            return True
        turn, now = Deadline(_TURN_SECONDS), self._clock()
        while delivery := self._deliveries.claim(webhook_id, now, now + _LEASE):
            begun = time.monotonic()
            if not self._attempt(receiver, delivery) or time.monotonic() - begun > _PROMPT_SECONDS:
                return False
            if not turn.left() or is_stopping():
                break
            now = self._clock()
        return True

    def _attempt(self, receiver: Receiver, delivery: Delivery) -> bool:
        """Send a delivery; False if the receiver did not take it."""
        try:
            answer = self._post(receiver, delivery)
        except SendError as error:
            self._failed(replace(delivery, status=None, error=error.message), None)
            return False
        delivery = replace(delivery, status=answer.status, error=None)
        if 200 <= answer.status < 300:
            self._deliveries.delivered(delivery, self._clock())
            return True
        if answer.status == _GONE:
            self._gone(delivery)
        else:
            said = replace(delivery, error=f"The receiver answered with status {answer.status}.")
            self._failed(said, answer.retry_after)
        return False

    def _post(self, receiver: Receiver, delivery: Delivery) -> ReceiverAnswer:
        if not receiver.secret:
            raise SendError(_UNREADABLE_SECRET)
        headers = signed_headers(receiver.secret, delivery.id, self._clock(), delivery.body)
        return self._sender.post(receiver.url, delivery.body.encode(), headers)

    def _failed(self, delivery: Delivery, retry_after: float | None) -> None:
        now = self._clock()
        at = next_attempt(delivery, now, retry_after)
        if at is None:
            self._deliveries.give_up(delivery, now)
        else:
            self._deliveries.retry(delivery, at)
        self._deliveries.pause(delivery.webhook_id, now, pause_after_failure(delivery, now))

    def _gone(self, delivery: Delivery) -> None:
        now = self._clock()
        self._webhooks.disable(delivery.assistant_id, delivery.webhook_id, now)
        self._deliveries.give_up(replace(delivery, error=_DISABLED), now)
        self._deliveries.give_up_of_webhook(delivery.webhook_id, _DISABLED, now)
