"""Who answers a conversation: the assistant or a person."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.assistants import Assistant
from app.domain.chats import Chat
from app.domain.conversations import Conversation
from app.domain.ids import new_id
from app.services.ports import Clock
from app.services.ports.conversations import Conversations, Messages, QueueRows
from app.services.webhooks.conversation_announcer import ConversationAnnouncer

Around = Callable[[Conversation], AbstractContextManager[object]]
"""Goes around a switch, such as what writes it down."""


class ConversationSwitch:
    """Switches conversations, and voids the answers under way when it does."""

    def __init__(
        self,
        conversations: Conversations,
        queue: QueueRows,
        messages: Messages,
        announcer: ConversationAnnouncer,
        clock: Clock,
    ) -> None:
        self._conversations = conversations
        self._queue = queue
        self._messages = messages
        self._announcer = announcer
        self._clock = clock

    def switch(
        self,
        assistant: Assistant,
        conversation: Conversation,
        *,
        active: bool,
        waiting_since: datetime | None = None,
        reason: str | None = None,
    ) -> None:
        """Say who answers from now on; when this returns, no answer begun before will be committed.

        `waiting_since`: from when on the customer waits for a person, where none has seen the conversation, and for
        what `reason`.
        """
        now: Conversation | None = conversation
        while now is not None:
            changed = (
                self._given_back(now, new_id(after=now.latest_chat_id))
                if active
                else replace(
                    self._taken(now), waiting_since=waiting_since, handover_reason=reason or now.handover_reason
                )
            )
            if self._switched(assistant, now, changed):
                return
            now = self._conversations.by_id(now.id)  # somebody else switched it, with what goes with that

    def person_wrote(self, assistant: Assistant, chat: Chat, around: Around = nullcontext) -> None:
        """A person wrote `chat` to the customer: it belongs to the conversation, and the assistant is silent.

        A conversation that is not silent yet is switched within `around` it.
        """
        self._queue.append(chat)
        conversation = self._conversations.by_id(chat.conversation_id)
        if conversation is None:
            return  # deleted at this moment
        if conversation.active or not self._conversations.person_wrote(self._taken(conversation)):
            with around(conversation):
                self.switch(assistant, conversation, active=False)
        else:
            self.void_answers(conversation)

    def void_answers(self, conversation: Conversation) -> None:
        """Void the answers under way of a conversation that was switched, which a crash may have prevented."""
        if conversation.queue:
            self._messages.void([entry.chat_id for entry in conversation.queue], conversation.epoch)

    def reactivated(
        self, assistant: Assistant, conversation: Conversation, chat_id: str, after_hours: float
    ) -> Conversation:
        """The conversation, active again if no person has written for so many hours (0: never by itself).

        `chat_id` is the message that comes now: what was said during a hand-over before is not shown to the model.
        """
        if not self._is_left_alone(conversation, after_hours):
            return conversation
        given_back = replace(self._given_back(conversation, chat_id), reactivated_at=self._clock())
        switched = self._switched(assistant, conversation, given_back)
        return switched or self._conversations.by_id(conversation.id) or conversation

    def _switched(self, assistant: Assistant, before: Conversation, changed: Conversation) -> Conversation | None:
        """The conversation once it has been switched; None if its epoch was another one than `before`.

        The messages under way at that moment are those of its queue: what comes later has the new epoch.
        """
        announcement = self._announcer.announcement(assistant, before, changed)
        switched = self._conversations.switch(changed, before.epoch, announcement)
        if switched is not None:
            self.void_answers(switched)
            if announcement is not None:
                self._announcer.announce(assistant, switched, announcement)
        return switched

    def _taken(self, conversation: Conversation) -> Conversation:
        return replace(conversation, active=False, person_at=self._clock(), waiting_since=None)

    def _given_back(self, conversation: Conversation, history_from: str) -> Conversation:
        """Active; what led to a hand-over, and what was said during it, is not shown to the model again."""
        given_back = replace(conversation, active=True, waiting_since=None)
        if conversation.handover_reason is None:
            return given_back
        return replace(given_back, handover_reason=None, history_from=history_from)

    def _is_left_alone(self, conversation: Conversation, hours: float) -> bool:
        if conversation.active or not hours or conversation.person_at is None:
            return False
        return conversation.person_at <= self._clock() - timedelta(hours=hours)
