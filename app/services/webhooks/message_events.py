"""What webhooks are told of a message: that it came, and how it ended."""

from dataclasses import replace

from app.domain.assistants import Assistant
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation, Tokens
from app.domain.webhooks import Contact, EventType
from app.services.ports.accounts import Assistants
from app.services.ports.conversations import Conversations
from app.services.ports.webhooks import Events
from app.services.webhooks.payloads import shown_chat, shown_conversation


class MessageEvents:
    """Emits the events of a chat; doing so again does nothing."""

    def __init__(self, events: Events, assistants: Assistants, conversations: Conversations) -> None:
        self._events = events
        self._assistants = assistants
        self._conversations = conversations

    def received(self, assistant: Assistant, chat: Chat) -> None:
        """A message came; nothing of its answer is told."""
        unanswered = replace(
            chat, response="", parts=(), sources=(), tokens=Tokens(), model=None, degraded=False, cut=False
        )
        unanswered = replace(unanswered, handover_reason=None, merged_into=None, state=ChatState.ANSWERING)
        self._emit(assistant, EventType.MESSAGE_RECEIVED, unanswered)

    def ended(self, chat: Chat, *, received: bool) -> None:
        """A message came to its end, which for one that a person answers, or another's answer is for, is no event.

        `received`: that it came was told. `chat` is as it was stored at its end.
        """
        assistant = self._assistants.by_id(chat.assistant_id)
        conversation = self._conversations.by_id(chat.conversation_id)
        if assistant is None or conversation is None:
            return  # deleted since
        chat = replace(chat, active=conversation.active and chat.handover_reason is None)
        if not received:
            self.received(assistant, chat)
        if chat.state is ChatState.ANSWERED:
            self._emit(assistant, EventType.MESSAGE_ANSWERED, chat)
            if chat.handover_reason is not None:
                self._handed_over(assistant, chat, conversation)
        elif chat.state is ChatState.FAILED:
            self._emit(assistant, EventType.MESSAGE_FAILED, chat)

    def _handed_over(self, assistant: Assistant, chat: Chat, conversation: Conversation) -> None:
        """The answer gave the conversation to a person."""
        given = replace(conversation, active=False, handover_reason=chat.handover_reason)
        self._events.emit(
            assistant,
            EventType.CONVERSATION_HANDOVER,
            shown_conversation(given),
            key=chat.id,
            contact=_contact(chat),
        )

    def _emit(self, assistant: Assistant, event_type: EventType, chat: Chat) -> None:
        failure = {"error": chat.error} if event_type is EventType.MESSAGE_FAILED else {}
        data = shown_chat(chat) | failure
        self._events.emit(assistant, event_type, data, key=chat.id, contact=_contact(chat))


def _contact(chat: Chat) -> Contact:
    return Contact(chat.conversation_id, chat.id)
