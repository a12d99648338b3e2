"""Conversations as an operator sees them."""

from collections.abc import Iterator, Sequence

from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.chats import Chat, ChatFilter
from app.domain.contacts import Contact
from app.domain.conversations import Conversation, ConversationFilter, FoundConversations
from app.domain.erasures import Receipt
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.erasure import Erasure
from app.services.ports.contacts import ContactsOfConversations
from app.services.ports.conversations import Chats, Conversations

_CHATS_AT_ONCE = 200


class ConversationService:
    """Shows conversations, and deletes them."""

    def __init__(
        self,
        access: Access,
        conversations: Conversations,
        chats: Chats,
        erasure: Erasure,
        audit: AuditLog,
        *,
        contacts: ContactsOfConversations,
    ) -> None:
        self._access = access
        self._conversations = conversations
        self._chats = chats
        self._erasure = erasure
        self._audit = audit
        self._contacts = contacts

    def page(
        self, caller: Caller, wanted: ConversationFilter, before: str | None, limit: int
    ) -> list[Conversation]:
        """The caller's conversations that fit the filter, newest activity first.

        Raises `InvalidError` for a filter that cannot be used.
        """
        return self._conversations.page(self._access.narrowed(caller, wanted, Action.READ), before, limit)

    def search(
        self, caller: Caller, wanted: ConversationFilter, before: str | None, limit: int
    ) -> FoundConversations:
        """Those of the caller's conversations in which the filter's text is, as far as one request looks.

        Raises `InvalidError` for a filter that cannot be used.
        """
        return self._conversations.search(self._access.narrowed(caller, wanted, Action.READ), before, limit)

    def get(self, caller: Caller, conversation_id: str, action: Action = Action.READ) -> Conversation:
        """One conversation, for a caller who may do this with it; raises `NotFoundError`, `ForbiddenError`."""
        found = self._conversations.by_id(conversation_id) if is_id(conversation_id) else None
        if found is None:
            raise NotFoundError("conversation")
        self._access.assistant(caller, found.assistant_id, action, "conversation")
        return found

    def turns(self, conversation: Conversation, before: str | None, limit: int) -> list[Chat]:
        """Its chats, newest first."""
        return self._chats.page(ChatFilter(conversation_ids=[conversation.id]), before, limit)

    def export(
        self, caller: Caller, conversation_id: str
    ) -> tuple[Conversation, Sequence[Contact], Iterator[Chat]]:
        """Everything held of this contact in this assistant, chats newest first.

        Who came by a channel has a row for each contact that turned out to be the same one.

        Raises `NotFoundError`, `ForbiddenError`.
        """
        conversation = self.get(caller, conversation_id, Action.EXPORT)
        place = Place(conversation.assistant_id, conversation.owner_id)
        # The chat's id tells nothing of the contact, as the conversation's does to who tries all phone numbers.
        self._audit.record(
            caller, AuditAction.CONVERSATION_EXPORT, Target("chat", conversation.latest_chat_id), place
        )
        return conversation, self._contacts.of_conversation(conversation.id), self._all_turns(conversation)

    def _all_turns(self, conversation: Conversation) -> Iterator[Chat]:
        before: str | None = None
        while chats := self.turns(conversation, before, _CHATS_AT_ONCE):
            yield from chats
            before = chats[-1].id

    def delete(self, caller: Caller, conversation_id: str) -> Receipt:
        """Everything of this contact in this assistant, for good once this returns.

        Raises `NotFoundError`, `ForbiddenError`.
        """
        return self._erasure.erase(self.get(caller, conversation_id, Action.DELETE_CONVERSATION), caller)
