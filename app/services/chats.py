"""Chats as a dashboard sees them, and taking conversations over."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.chats import Chat, ChatFilter
from app.domain.conversations import Conversation, ConversationFilter
from app.domain.errors import ConflictError, ForbiddenError, NotFoundError
from app.domain.ids import is_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.audit import AuditLog
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
        self,
        access: Access,
        chats: Chats,
        conversations: Conversations,
        switch: ConversationSwitch,
        audit: AuditLog,
    ) -> None:
        self._access = access
        self._chats = chats
        self._conversations = conversations
        self._switch = switch
        self._audit = audit

    def get(self, caller: Caller, chat_id: str) -> Chat:
        """One chat; raises `NotFoundError`."""
        chat = self._chats.by_id(chat_id) if is_id(chat_id) else None
        if chat is None:
            raise NotFoundError("chat")
        self._access.assistant(caller, chat.assistant_id, Action.READ, "chat")
        return chat

    def page(
        self, caller: Caller, wanted: ChatFilter, channel_id: str | None, before: str | None, limit: int
    ) -> list[Chat]:
        """The caller's chats that fit the filter, of one channel (None: of all), newest first.

        Raises `InvalidError` for a filter that cannot be used.
        """
        theirs = self._access.narrowed(caller, wanted, Action.READ)
        if channel_id is not None:
            found = self._conversations.with_channel(channel_id, _of_same_assistants(theirs))
            theirs = replace(theirs, conversation_ids=[one.id for one in found])
        return self._chats.page(theirs, before, limit)

    def switch(self, caller: Caller, which: Which, *, active: bool) -> Conversation:
        """Give the conversation to the assistant or to a person; returns the conversation it was.

        Raises `NotFoundError`, `ForbiddenError`, and `ConflictError` `ambiguous_channel` where a channel id fits
        several.
        """
        conversation = self._find(caller, which)
        assistant = self._access.assistant(caller, conversation.assistant_id, Action.OPERATE)
        with audited_switch(self._audit, caller, assistant, conversation, active=active):
            self._switch.switch(assistant, conversation, active=active)
        return conversation

    def _find(self, caller: Caller, which: Which) -> Conversation:
        if which.assistant_id is not None:
            self._access.assistant(caller, which.assistant_id, Action.OPERATE)
        of_chat = self._conversation_of_chat(caller, which)
        if of_chat is not None:
            return of_chat
        by_channel = self.by_channel(caller, which)
        if by_channel is None:
            raise NotFoundError("chat or channel")
        return by_channel

    def by_channel(self, caller: Caller, which: Which) -> Conversation | None:
        """The conversation with a channel that the caller may operate.

        Raises `ForbiddenError` where there are only others, `ConflictError` `ambiguous_channel`.
        """
        asked = ConversationFilter(assistant_id=which.assistant_id)
        seen = self._access.narrowed(caller, asked, Action.READ)
        found = self._conversations.with_channel(which.chat_or_channel_id, seen)
        meant = [one for one in found if which.message_service in (None, one.channel.message_service)]
        theirs = self._operable(caller, meant)
        if len(theirs) > 1:
            sentence = (
                "This channel has several conversations; add ?assistant_id= or ?message_service= to the address."
            )
            raise ConflictError(sentence, code="ambiguous_channel")
        return theirs[0] if theirs else None

    def _operable(self, caller: Caller, conversations: Sequence[Conversation]) -> list[Conversation]:
        theirs: list[Conversation] = []
        refusal: ForbiddenError | None = None
        for conversation in conversations:
            try:
                self._access.assistant(caller, conversation.assistant_id, Action.OPERATE)
                theirs.append(conversation)
            except ForbiddenError as error:
                refusal = error
            except NotFoundError:
                continue  # its assistant is being deleted
        if refusal is not None and not theirs:
            raise refusal
        return theirs

    def _conversation_of_chat(self, caller: Caller, which: Which) -> Conversation | None:
        chat_id = which.chat_or_channel_id
        chat = self._chats.by_id(chat_id) if is_id(chat_id) else None
        if chat is None or which.assistant_id not in (None, chat.assistant_id):
            return None
        try:
            self._access.assistant(caller, chat.assistant_id, Action.OPERATE)
        except NotFoundError:
            return None
        return self._conversations.by_id(chat.conversation_id)


def audited_switch(
    audit: AuditLog, caller: Caller | None, assistant: Assistant, conversation: Conversation, *, active: bool
) -> AbstractContextManager[object]:
    """What keeps a switch in the audit.

    The chat's id tells nothing of the contact, as the conversation's does to who tries all phone numbers.
    """
    return audit.change(
        caller,
        AuditAction.GIVE_BACK if active else AuditAction.TAKE_OVER,
        Target("chat", conversation.latest_chat_id),
        Place.of(assistant),
        before={"active": conversation.active},
        after={"active": active},
    )


def _of_same_assistants(chats: ChatFilter) -> ConversationFilter:
    return ConversationFilter(
        chats.owner_id,
        chats.assistant_id,
        hidden_assistants=chats.hidden_assistants,
        shared_assistants=chats.shared_assistants,
    )
