"""What was sent to webhooks, as their owners see it and send it again."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.callers import Caller
from app.domain.errors import ConflictError, InvalidError, NotFoundError
from app.domain.ids import is_id
from app.domain.permissions import Action
from app.domain.webhooks import LONGEST_PENDING, Delivery, DeliveryState
from app.services.access import Access
from app.services.ports import Clock
from app.services.ports.webhooks import Deliveries


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries to list; None does not filter."""

    webhook_id: str | None = None
    state: DeliveryState | None = None


class DeliveryService:
    """What an owner does with deliveries. `wake` is called when there is something to send."""

    def __init__(self, access: Access, deliveries: Deliveries, clock: Clock, wake: Callable[[], None]) -> None:
        self._access = access
        self._deliveries = deliveries
        self._clock = clock
        self._wake = wake

    def page(
        self, caller: Caller, assistant_id: str, wanted: DeliveryFilter, before: str | None, limit: int
    ) -> list[Delivery]:
        """The deliveries of the last days, newest first, without their bodies.

        Raises `NotFoundError`, and `InvalidError` for a webhook the assistant has not.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_WEBHOOKS)
        if wanted.webhook_id not in (None, *(webhook.id for webhook in assistant.webhooks)):
            raise InvalidError("A filter cannot be used.", {"webhook_id": ["There is no such webhook."]})
        return self._deliveries.page(assistant.id, wanted.webhook_id, wanted.state, before, limit)

    def send_again(self, caller: Caller, assistant_id: str, delivery_id: str) -> Delivery:
        """Send a delivery again, at once and with all retries, whatever became of it.

        Raises `NotFoundError`, and `ConflictError` `webhook_disabled` where its receiver has gone.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_WEBHOOKS)
        delivery = self._deliveries.by_id(assistant.id, delivery_id) if is_id(delivery_id) else None
        webhook = next((one for one in assistant.webhooks if delivery and one.id == delivery.webhook_id), None)
        if delivery is None or webhook is None:
            raise NotFoundError("delivery")
        if webhook.disabled_at is not None:
            sentence = "Its webhook is disabled, as the receiver has gone; delete it and add it again."
            raise ConflictError(sentence, code="webhook_disabled")
        now = self._clock()
        self._deliveries.send_again(delivery.id, now, now + LONGEST_PENDING)
        self._wake()
        return self._deliveries.by_id(assistant.id, delivery.id) or delivery
