"""Who looks at a conversation at the same time."""

import threading
from collections import OrderedDict
from datetime import timedelta

from app.domain.permissions import Action
from app.domain.presence import PRESENT_FOR, Presence
from app.domain.users import User
from app.services.conversation_views import ConversationService
from app.services.ports import Clock
from app.services.ports.inbox import PresenceRows

# Who says it more often is not written down each time.
_SAME_FOR = PRESENT_FOR - timedelta(seconds=25)
_MOST_REMEMBERED = 10_000


class PresenceService:
    """Keeps who is there in the database, so that operators of all processes see one another."""

    def __init__(self, conversations: ConversationService, rows: PresenceRows, clock: Clock) -> None:
        self._conversations = conversations
        self._rows = rows
        self._clock = clock
        self._lock = threading.Lock()
        self._noted: OrderedDict[tuple[str, str], Presence] = OrderedDict()

    def others(self, user: User, conversation_id: str) -> list[Presence]:
        """Who else looks at a conversation; raises `NotFoundError`, `ForbiddenError`."""
        return self._others(user, self._conversations.get(user, conversation_id).id)

    def note(self, user: User, conversation_id: str, *, typing: bool, gone: bool) -> list[Presence]:
        """The user looks at a conversation (`gone`: no more); returns who else does.

        Raises `NotFoundError`, `ForbiddenError`.
        """
        conversation = self._conversations.get(user, conversation_id, Action.OPERATE)
        if gone:
            self._forget(conversation.id, user)
            self._rows.leave(conversation.id, user.id)
        else:
            presence = Presence(user.id, user.name, typing, self._clock())
            if self._is_news(conversation.id, presence):
                self._rows.note(conversation.assistant_id, conversation.id, presence)
        return self._others(user, conversation.id)

    def _others(self, user: User, conversation_id: str) -> list[Presence]:
        present = self._rows.present(conversation_id, self._clock())
        return [one for one in present if one.user_id != user.id]

    def _is_news(self, conversation_id: str, presence: Presence) -> bool:
        key = conversation_id, presence.user_id
        with self._lock:
            before = self._noted.get(key)
            if before and before.typing == presence.typing and presence.at - before.at < _SAME_FOR:
                return False
            self._noted[key] = presence
            self._noted.move_to_end(key)
            while len(self._noted) > _MOST_REMEMBERED:
                self._noted.popitem(last=False)
        return True

    def _forget(self, conversation_id: str, user: User) -> None:
        with self._lock:
            self._noted.pop((conversation_id, user.id), None)
