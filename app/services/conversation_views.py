"""Conversations as an operator sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.callers import Caller
from app.domain.chats import Chat, ChatFilter
from app.domain.conversations import Conversation, ConversationFilter
from app.domain.errors import InvalidError, NotFoundError
from app.domain.ids import is_id
from app.domain.overviews import Overview
from app.domain.permissions import Action
from app.domain.users import User
from app.services.access import Access
from app.services.inbox.overviews import Overviews
from app.services.ports.conversations import Chats, Conversations, ConversationSearches


@dataclass(frozen=True, slots=True)
class FoundOverviews:
    """A page of a list; it goes on with activity before the chat `next_before`, None: it has ended."""

    overviews: Sequence[Overview]
    next_before: str | None


class ConversationService:
    """Shows conversations, and who has read them."""

    def __init__(
        self,
        access: Access,
        conversations: Conversations,
        searches: ConversationSearches,
        chats: Chats,
        overviews: Overviews,
    ) -> None:
        self._access = access
        self._conversations = conversations
        self._searches = searches
        self._chats = chats
        self._overviews = overviews

    def page(self, caller: Caller, wanted: ConversationFilter, before: str | None, limit: int) -> FoundOverviews:
        """The caller's conversations that fit the filter, newest activity first, as far as one request looks.

        Raises `InvalidError` for a filter that cannot be used, `ForbiddenError`.
        """
        theirs = self._narrowed(caller, wanted)
        if theirs.needs_search:
            found = self._searches.search(theirs, before, limit, partial(self._overviews.unread, caller.id))
            conversations, next_before = found.conversations, found.next_before
        else:
            conversations = self._conversations.page(theirs, before, limit + 1)
            more = len(conversations) > limit
            conversations = conversations[:limit]
            next_before = conversations[-1].latest_chat_id if more else None
        return FoundOverviews(self._overviews.of(caller, conversations), next_before)

    def get(self, caller: Caller, conversation_id: str, action: Action = Action.READ) -> Conversation:
        """One conversation, for a caller who may do this with it; raises `NotFoundError`, `ForbiddenError`."""
        found = self._conversations.by_id(conversation_id) if is_id(conversation_id) else None
        if found is None:
            raise NotFoundError("conversation")
        self._access.assistant(caller, found.assistant_id, action, "conversation")
        return found

    def overview(self, caller: Caller, conversation: Conversation) -> Overview:
        """One conversation as the list shows it."""
        return self._overviews.of(caller, [conversation])[0]

    def turns(self, conversation: Conversation, before: str | None, limit: int) -> list[Chat]:
        """Its chats, newest first."""
        return self._chats.page(ChatFilter(conversation_ids=[conversation.id]), before, limit)

    def mark_read(self, user: User, conversation_id: str, chat_id: str | None) -> None:
        """The user has read a conversation, up to this chat; raises `NotFoundError`, `ForbiddenError`."""
        conversation = self.get(user, conversation_id, Action.OPERATE)
        self._overviews.mark_read(user, conversation, chat_id)

    def _narrowed(self, caller: Caller, wanted: ConversationFilter) -> ConversationFilter:
        if wanted.unread_by is not None and not isinstance(caller, User):
            sentence = "Only a person with a token has read conversations, or not."
            raise InvalidError("A filter cannot be used.", {"unread": [sentence]})
        return self._access.narrowed(caller, wanted, Action.READ)
