"""Stand-ins for the outbox of webhooks."""

from collections.abc import Sequence

from app.domain.webhooks import Delivery


class KeptDeliveries:
    """Keeps deliveries as the outbox does: one that comes again changes nothing."""

    def __init__(self) -> None:
        self.kept: dict[str, Delivery] = {}

    def add(self, deliveries: Sequence[Delivery]) -> None:
        for one in deliveries:
            self.kept.setdefault(one.id, one)
