"""Conversations as an operator sees them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from app.domain.callers import Caller
from app.domain.changes import ChangedConversation
from app.domain.conversations import Conversation, ConversationFilter
from app.domain.errors import InvalidError, NotFoundError
from app.domain.ids import is_id
from app.domain.overviews import Overview
from app.domain.permissions import Action
from app.domain.users import User
from app.services.access import Access
from app.services.inbox.changes import Changes, Version
from app.services.inbox.lately_shown import LatelyShown
from app.services.inbox.overviews import Overviews
from app.services.ports.conversations import Conversations, ConversationSearches


@dataclass(frozen=True, slots=True)
class FoundOverviews:
    """A page of a list; it goes on with activity before the chat `next_before`, None: it has ended."""

    overviews: Sequence[Overview]
    next_before: str | None


@dataclass(frozen=True, slots=True)
class ChangedOverviews:
    """Conversations that changed, the last change first; when which were deleted, by their ids."""

    overviews: Sequence[Overview]
    deleted: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of conversations as one caller may see it; `wanted` is narrowed to that."""

    caller: Caller
    wanted: ConversationFilter


class ConversationService:
    """Shows conversations, what has changed of them, and who has read them."""

    def __init__(
        self,
        access: Access,
        conversations: Conversations,
        searches: ConversationSearches,
        overviews: Overviews,
        changes: Changes,
    ) -> None:
        self._access = access
        self._conversations = conversations
        self._searches = searches
        self._overviews = overviews
        self._changes = changes
        self._lately = LatelyShown()

    def listing(self, caller: Caller, wanted: ConversationFilter) -> Listing:
        """What `wanted` asks for, as far as the caller may see it.

        Raises `InvalidError` for a filter that cannot be used, `ForbiddenError`.
        """
        if wanted.unread_by is not None and not isinstance(caller, User):
            sentence = "Only a person with a token has read conversations, or not."
            raise InvalidError("A filter cannot be used.", {"unread": [sentence]})
        return Listing(caller, self._access.narrowed(caller, wanted, Action.READ))

    def version(self, listing: Listing) -> Version:
        """Equal as long as nothing in the list has changed."""
        return self._changes.of_list(listing.wanted, listing.caller.id)

    def page(self, listing: Listing, before: str | None, limit: int) -> FoundOverviews:
        """A page of the list, newest activity first, as far as one request looks."""
        caller, wanted = listing.caller, listing.wanted
        if wanted.needs_search:
            found = self._searches.search(wanted, before, limit, partial(self._overviews.unread, caller.id))
            conversations, next_before = found.conversations, found.next_before
        else:
            conversations = self._conversations.page(wanted, before, limit + 1)
            more = len(conversations) > limit
            conversations = conversations[:limit]
            next_before = conversations[-1].latest_chat_id if more else None
        return FoundOverviews(self._overviews.of(caller, conversations), next_before)

    def changed(self, listing: Listing, since: datetime, limit: int) -> ChangedOverviews | None:
        """What changed in the list since a moment, the last change first.

        None: it is too long ago to know, or there are more than `limit`.
        """
        changed = self._changes.conversations(since, listing.wanted, listing.caller.id)
        if changed is None or len(changed) > limit:
            return None
        if not changed:
            return ChangedOverviews([], {})
        versions = tuple((one, found.version) for one, found in changed.items())
        there = {one.conversation.id: one for one in self._lately.get(versions, lambda: self._there(changed))}
        deleted = {one: found.at for one, found in changed.items() if _is_deleted(there.get(one), found)}
        shown = [
            replace(there[one], later_changed_at=found.at)
            for one, found in changed.items()
            if one in there and one not in deleted
        ]
        return ChangedOverviews(self._overviews.read_by(listing.caller, shown), deleted)

    def _there(self, conversation_ids: Collection[str]) -> list[Overview]:
        """Those of the conversations that there are, as all see them."""
        found = self._conversations.by_ids(conversation_ids)
        return self._overviews.shown([found[one] for one in conversation_ids if one in found])

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

    def mark_read(self, user: User, conversation_id: str, chat_id: str | None) -> None:
        """The user has read a conversation, up to this chat; raises `NotFoundError`, `ForbiddenError`."""
        conversation = self.get(user, conversation_id, Action.OPERATE)
        self._overviews.mark_read(user, conversation, chat_id)


def _is_deleted(there: Overview | None, change: ChangedConversation) -> bool:
    """Whether a conversation is gone, or about to be, and has not begun anew."""
    before = change.erased_before
    return before is not None and (there is None or there.conversation.latest_chat_id < before)
