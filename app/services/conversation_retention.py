"""Erases conversations that are older than their assistant keeps them."""

from datetime import timedelta

from app.domain.ids import first_id_at
from app.services.erasure import Erasure
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.conversations import Conversations

_AT_ONCE = 100
_MOST_A_ROUND = 1000


class ConversationRetention:
    """Looks for conversations whose last message is older than the assistant's `retention_days`."""

    def __init__(
        self, assistants: Assistants, conversations: Conversations, erasure: Erasure, clock: Clock
    ) -> None:
        self._assistants = assistants
        self._conversations = conversations
        self._erasure = erasure
        self._clock = clock

    def sweep(self) -> None:
        """Erase what is too old, of each assistant at most 1,000 conversations a round."""
        for assistant_id, days in self._assistants.with_retention():
            last_kept = first_id_at(self._clock() - timedelta(days=days))
            for _ in range(0, _MOST_A_ROUND, _AT_ONCE):
                silent = self._conversations.silent_since(assistant_id, last_kept, _AT_ONCE)
                for conversation in silent:
                    self._erasure.erase(conversation)
                if len(silent) < _AT_ONCE:
                    break
