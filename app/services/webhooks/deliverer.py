"""Sends what is due to a webhook, and writes down what became of it."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.deadline import Deadline
from app.domain.errors import SendError
from app.domain.webhooks import Delivery, Receiver, ReceiverAnswer
from app.security.webhook_signatures import signed_headers
from app.services.ports import Clock
from app.services.ports.webhooks import Deliveries, Sender, Webhooks
from app.services.webhooks.retries import next_attempt, pause_after

# Twice as long as an attempt takes at most: the deliveries of a process that died are sent by another one then.
_LEASE = timedelta(seconds=30)
_TURN_SECONDS = 30
_PROMPT_SECONDS = 5
_READ_AT_ONCE = 50
_MOST_REMEMBERED = 10_000
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
        self._failures: dict[str, int] = {}  # in a row, of webhooks that fail

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
        turn = Deadline(_TURN_SECONDS)
        while due := self._deliveries.due(webhook_id, self._clock(), _READ_AT_ONCE):
            for delivery in due:
                begun = time.monotonic()
                if not self._attempt(receiver, delivery) or time.monotonic() - begun > _PROMPT_SECONDS:
                    return False
                if not turn.left() or is_stopping():
                    return True
        return True

    def _attempt(self, receiver: Receiver, due: Delivery) -> bool:
        """Send a delivery, unless another process does; False if the receiver did not take it."""
        delivery = self._deliveries.claim(due, self._clock() + _LEASE)
        if delivery is None:
            return True
        try:
            answer = self._post(receiver, delivery)
        except SendError as error:
            self._failed(replace(delivery, status=None, error=error.message), None)
            return False
        delivery = replace(delivery, status=answer.status, error=None)
        if 200 <= answer.status < 300:
            self._deliveries.delivered(delivery, self._clock())
            self._failures.pop(delivery.webhook_id, None)
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
        self._pause(delivery.webhook_id, now)

    def _pause(self, webhook_id: str, now: datetime) -> None:
        if len(self._failures) > _MOST_REMEMBERED:
            self._failures.clear()
        failures = self._failures[webhook_id] = self._failures.get(webhook_id, 0) + 1
        self._deliveries.pause(webhook_id, now, pause_after(failures, now))

    def _gone(self, delivery: Delivery) -> None:
        now = self._clock()
        self._webhooks.disable(delivery.assistant_id, delivery.webhook_id, now)
        self._deliveries.give_up(replace(delivery, error=_DISABLED), now)
        self._deliveries.give_up_of_webhook(delivery.webhook_id, _DISABLED, now)
