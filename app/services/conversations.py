"""Conversations: opened by the first message, switched between the assistant and a person."""

from dataclasses import replace
from datetime import timedelta

from app.domain.chats import Chat
from app.domain.conversations import Conversation
from app.domain.ids import made_at, new_id
from app.services.ports import Clock
from app.services.ports.conversations import Chats, Conversations


class ConversationKeeper:
    """Keeps a conversation and what its chats repeat of it in step."""

    def __init__(self, conversations: Conversations, chats: Chats, clock: Clock) -> None:
        self._conversations = conversations
        self._chats = chats
        self._clock = clock

    def open(self, chat: Chat, reactivate_after_hours: float = 0) -> Conversation:
        """The conversation of a chat that was just stored, made if this is its first one.

        Read after the chat was stored: who switches the conversation from now on finds the chat. It is active
        again if no person has written for so many hours (0: never by itself).
        """
        found = self._conversations.by_id(chat.conversation_id)
        if found is None:
            return self._begin(chat, reactivate_after_hours)
        name = found.username if chat.by_person else chat.username or found.username
        touched = replace(found, latest_chat_id=chat.id, username=name)
        self._conversations.touch(touched, renamed=name != found.username)
        if self._is_left_alone(found, reactivate_after_hours):
            return self._reactivate(touched)
        return touched

    def switch(self, conversation: Conversation, *, active: bool) -> None:
        """Say who answers from now on; when this returns, no answer begun before will be committed."""
        now: Conversation | None = conversation
        while now is not None:
            changed = self._given_back(now, new_id(after=now.latest_chat_id)) if active else self._taken(now)
            if self._conversations.switch(changed, if_epoch=now.epoch):
                break
            now = self._conversations.by_id(now.id)  # somebody else switched it, with what goes with that
        self._settle(conversation.id)

    def hand_over(self, conversation: Conversation, reason: str) -> int | None:
        """Give the conversation to a person; its new epoch, or None if somebody switched it meanwhile."""
        changed = replace(self._taken(conversation), handover_reason=reason)
        if not self._conversations.switch(changed, if_epoch=conversation.epoch):
            return None
        self._settle(conversation.id)
        return conversation.epoch + 1

    def person_wrote(self, conversation: Conversation) -> None:
        """A person answered the customer: the assistant is silent from now on."""
        if conversation.active or not self._conversations.person_wrote(self._taken(conversation)):
            self.switch(conversation, active=False)

    def sweep(self) -> None:
        """Finish switches that a crash cut off."""
        for conversation in self._conversations.unsettled():
            self._settle(conversation.id)

    def _taken(self, conversation: Conversation) -> Conversation:
        return replace(conversation, active=False, person_at=self._clock())

    def _given_back(self, conversation: Conversation, history_from: str) -> Conversation:
        """Active; what led to a hand-over, and what was said during it, is not shown to the model again."""
        if conversation.handover_reason is None:
            return replace(conversation, active=True)
        return replace(conversation, active=True, handover_reason=None, history_from=history_from)

    def _is_left_alone(self, conversation: Conversation, hours: float) -> bool:
        if conversation.active or not hours or conversation.person_at is None:
            return False
        return conversation.person_at <= self._clock() - timedelta(hours=hours)

    def _reactivate(self, conversation: Conversation) -> Conversation:
        given_back = self._given_back(conversation, conversation.latest_chat_id)
        changed = replace(given_back, reactivated_at=self._clock())
        if self._conversations.switch(changed, if_epoch=conversation.epoch):
            self._settle(conversation.id)
        return self._conversations.by_id(conversation.id) or conversation

    def _settle(self, conversation_id: str) -> None:
        """Tell the chats; again, if somebody switched meanwhile, so that the last switch wins."""
        settled = False
        while not settled:
            conversation = self._conversations.by_id(conversation_id)
            if conversation is None:
                return
            self._chats.mark(conversation)
            settled = self._conversations.settled(conversation)

    def _begin(self, chat: Chat, reactivate_after_hours: float) -> Conversation:
        new = Conversation(
            id=chat.conversation_id,
            assistant_id=chat.assistant_id,
            owner_id=chat.owner_id,
            channel=chat.channel,
            username=None if chat.by_person else chat.username,
            active=True,
            epoch=0,
            created_at=made_at(chat.id),
            latest_chat_id=chat.id,
        )
        return new if self._conversations.add(new) else self.open(chat, reactivate_after_hours)
