"""Chats as a dashboard sees them, and taking conversations over."""

from dataclasses import dataclass, replace

from app.domain.chats import Chat, ChatFilter
from app.domain.conversations import Conversation
from app.domain.errors import ConflictError, NotFoundError
from app.domain.ids import is_id
from app.domain.users import User
from app.services.access import Access
from app.services.conversations import ConversationSwitch
from app.services.ports.conversations import Chats, Conversations


@dataclass(frozen=True, slots=True)
class Which:
    """A conversation by the id of one of its chats or of its channel, and what tells several apart."""

    chat_or_channel_id: str
    assistant_id: str | None = None
    message_service: str | None = None


class ChatService:
    """Shows chats, and says who answers a conversation."""

    def __init__(
        self, access: Access, chats: Chats, conversations: Conversations, switch: ConversationSwitch
    ) -> None:
        self._access = access
        self._chats = chats
        self._conversations = conversations
        self._switch = switch

    def get(self, caller: User, chat_id: str) -> Chat:
        """One chat; raises `NotFoundError`."""
        chat = self._chats.by_id(chat_id) if is_id(chat_id) else None
        if chat is None or not self._access.may_touch(caller, chat.assistant_id):
            raise NotFoundError("chat")
        return chat

    def page(
        self, caller: User, wanted: ChatFilter, channel_id: str | None, before: str | None, limit: int
    ) -> list[Chat]:
        """The caller's chats that fit the filter, of one channel (None: of all), newest first.

        Raises `InvalidError` for a filter that cannot be used.
        """
        self._access.check_filter(caller, wanted.assistant_id)
        owner_id, hidden = self._access.owner_scope(caller), self._access.hidden_assistants(caller)
        theirs = replace(wanted, owner_id=owner_id, hidden_assistants=hidden)
        if channel_id is not None:
            found = self._conversations.with_channel(channel_id, owner_id, wanted.assistant_id)
            theirs = replace(theirs, conversation_ids=[one.id for one in found if one.assistant_id not in hidden])
        return self._chats.page(theirs, before, limit)

    def switch(self, caller: User, which: Which, *, active: bool) -> Conversation:
        """Give the conversation to the assistant or to a person; returns the conversation it was.

        Raises `NotFoundError`, and `ConflictError` `ambiguous_channel` where a channel id fits several.
        """
        conversation = self._find(caller, which)
        self._switch.switch(conversation, active=active)
        return conversation

    def _find(self, caller: User, which: Which) -> Conversation:
        if which.assistant_id is not None:
            self._access.assistant(caller, which.assistant_id)
        of_chat = self._conversation_of_chat(caller, which)
        if of_chat is not None:
            return of_chat
        by_channel = self.by_channel(caller, which)
        if by_channel is None:
            raise NotFoundError("chat or channel")
        return by_channel

    def by_channel(self, caller: User, which: Which) -> Conversation | None:
        """The caller's conversation with a channel; raises `ConflictError` `ambiguous_channel`."""
        owner_id = self._access.owner_scope(caller)
        found = self._conversations.with_channel(which.chat_or_channel_id, owner_id, which.assistant_id)
        meant = [one for one in found if which.message_service in (None, one.channel.message_service)]
        theirs = [one for one in meant if self._access.may_touch(caller, one.assistant_id)]
        if len(theirs) > 1:
            sentence = (
                "This channel has several conversations; add ?assistant_id= or ?message_service= to the address."
            )
            raise ConflictError(sentence, code="ambiguous_channel")
        return theirs[0] if theirs else None

    def _conversation_of_chat(self, caller: User, which: Which) -> Conversation | None:
        chat_id = which.chat_or_channel_id
        chat = self._chats.by_id(chat_id) if is_id(chat_id) else None
        if chat is None or which.assistant_id not in (None, chat.assistant_id):
            return None
        if not self._access.may_touch(caller, chat.assistant_id):
            return None
        return self._conversations.by_id(chat.conversation_id)
