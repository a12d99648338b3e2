"""Which webhooks may be sent to at the same time, so that no receiver that hangs holds up another's deliveries."""

import threading
from collections import Counter, OrderedDict

_MOST = 32
_MOST_UNPROVEN = 16
_MOST_UNPROVEN_OF_ASSISTANT = 4
_MOST_OF_PROVEN_WEBHOOK = 2
_REMEMBERED = 10_000


class DeliverySlots:
    """Shares the threads of this process out among webhooks.

    A webhook is proven while its receiver took the latest delivery, and promptly. It may have two threads, any
    other one. All those that are not proven have half of the threads together, four for each assistant: however
    many hang, the proven ones have the other half to themselves.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._webhooks: Counter[str] = Counter()
        self._unproven: Counter[str] = Counter()
        self._held_as_unproven: Counter[str] = Counter()
        self._proven: OrderedDict[str, None] = OrderedDict()

    def take(self, assistant_id: str, webhook_id: str) -> bool:
        """Hold a thread for a webhook until `give_back`; False if it gets none."""
        with self._lock:
            is_proven, held = webhook_id in self._proven, self._webhooks[webhook_id]
            if self._webhooks.total() >= _MOST or held >= (_MOST_OF_PROVEN_WEBHOOK if is_proven else 1):
                return False
            if not is_proven:
                if self._unproven.total() >= _MOST_UNPROVEN:
                    return False
                if self._unproven[assistant_id] >= _MOST_UNPROVEN_OF_ASSISTANT:
                    return False
                self._unproven[assistant_id] += 1
                self._held_as_unproven[webhook_id] += 1
            self._webhooks[webhook_id] += 1
            return True

    def give_back(self, assistant_id: str, webhook_id: str, *, proven: bool) -> None:
        """Hold one thread less; `proven` says how the receiver behaved."""
        with self._lock:
            _decrease(self._webhooks, webhook_id)
            if self._held_as_unproven[webhook_id]:
                _decrease(self._held_as_unproven, webhook_id)
                _decrease(self._unproven, assistant_id)
            self._proven.pop(webhook_id, None)
            if proven:
                self._proven[webhook_id] = None
                if len(self._proven) > _REMEMBERED:
                    self._proven.popitem(last=False)

    def held(self) -> int:
        """How many threads are held."""
        with self._lock:
            return self._webhooks.total()

    def are_all_held(self) -> bool:
        """Whether nobody gets a thread."""
        return self.held() >= _MOST


def _decrease(counter: Counter[str], name: str) -> None:
    counter[name] -= 1
    if counter[name] <= 0:
        del counter[name]
