"""Conversations as an operator sees them."""

from dataclasses import replace

from app.domain.chats import Chat, ChatFilter
from app.domain.conversations import Conversation, ConversationFilter
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.domain.users import User
from app.services.access import Access
from app.services.erasure import Erasure
from app.services.ports.conversations import Chats, Conversations


class ConversationService:
    """Shows conversations, and deletes them."""

    def __init__(self, access: Access, conversations: Conversations, chats: Chats, erasure: Erasure) -> None:
        self._access = access
        self._conversations = conversations
        self._chats = chats
        self._erasure = erasure

    def page(self, caller: User, wanted: ConversationFilter, before: str | None, limit: int) -> list[Conversation]:
        """The caller's conversations that fit the filter, newest activity first.

        Raises `InvalidError` for a filter that cannot be used.
        """
        self._access.check_filter(caller, wanted.assistant_id)
        owner_id, hidden = self._access.owner_scope(caller), self._access.hidden_assistants(caller)
        theirs = replace(wanted, owner_id=owner_id, hidden_assistants=hidden)
        return self._conversations.page(theirs, before, limit)

    def get(self, caller: User, conversation_id: str) -> Conversation:
        """One conversation; raises `NotFoundError`."""
        found = self._conversations.by_id(conversation_id) if is_id(conversation_id) else None
        if found is None or not self._access.may_touch(caller, found.assistant_id):
            raise NotFoundError("conversation")
        return found

    def turns(self, conversation: Conversation, before: str | None, limit: int) -> list[Chat]:
        """Its chats, newest first."""
        return self._chats.page(ChatFilter(conversation_ids=[conversation.id]), before, limit)

    def delete(self, caller: User, conversation_id: str) -> None:
        """Everything of this contact in this assistant, for good once this returns; raises `NotFoundError`."""
        self._erasure.erase(self.get(caller, conversation_id))
