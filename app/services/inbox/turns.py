"""The chats of a conversation, page by page in both directions, and those that changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.chats import Chat, ChatFilter
from app.domain.conversations import Conversation
from app.domain.errors import InvalidError
from app.services.inbox.changes import LATE, Changes, Version
from app.services.ports.conversations import Chats

_HIGHEST_ID = 16**24 - 1


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Chats, newest first; there are older ones before the chat `older`, newer ones after `newer` (None: none)."""

    chats: Sequence[Chat]
    older: str | None = None
    newer: str | None = None


class Turns:
    """Shows the chats of conversations that the caller was found to be allowed to see."""

    def __init__(self, chats: Chats, changes: Changes) -> None:
        self._chats = chats
        self._changes = changes

    def version(self, conversation: Conversation, user_id: str) -> Version:
        """Equal as long as nothing of a conversation has changed."""
        return self._changes.of_conversation(conversation.id, user_id)

    def page(self, conversation: Conversation, before: str | None, limit: int) -> TurnPage:
        """The newest chats, or those older than the chat `before`."""
        found = self._older(conversation, before, limit + 1)
        return TurnPage(found[:limit], found[limit - 1].id if len(found) > limit else None)

    def after(self, conversation: Conversation, chat_id: str, limit: int) -> TurnPage:
        """The chats that came next after one."""
        found = self._chats.after(conversation.id, chat_id, limit + 1)
        shown = found[:limit][::-1]
        return TurnPage(shown, newer=shown[0].id if len(found) > limit else None)

    def around(self, conversation: Conversation, chat_id: str, limit: int) -> TurnPage:
        """A chat with about as many newer as older ones; raises `InvalidError` if it is not of the conversation."""
        newer = self.after(conversation, chat_id, limit // 2) if limit > 1 else TurnPage(())
        rest = limit - len(newer.chats)
        older = self._older(conversation, _next_id(chat_id), rest + 1)
        if not older or older[0].id != chat_id:
            raise InvalidError("There is no such chat.", {"around": ["Is no chat of this conversation."]})
        shown = [*newer.chats, *older[:rest]]
        return TurnPage(shown, shown[-1].id if len(older) > rest else None, newer.newer)

    def changed(self, conversation: Conversation, since: datetime, limit: int) -> TurnPage | None:
        """The chats that came or changed since a moment; None: it is too long ago to know."""
        ids = self._changes.chats(since, conversation.id)
        if ids is None:
            return None
        return TurnPage(self._chats.changed(conversation.id, ids, since - LATE, limit))

    def _older(self, conversation: Conversation, before: str | None, limit: int) -> list[Chat]:
        return self._chats.page(ChatFilter(conversation_ids=[conversation.id]), before, limit)


def _next_id(chat_id: str) -> str:
    return f"{min(int(chat_id, 16) + 1, _HIGHEST_ID):024x}"
