"""What webhooks are told of messages: that they came, and how they ended."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.domain.assistants import Assistant
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Conversation, Tokens
from app.domain.webhooks import Contact, EventType
from app.services.ports.accounts import Assistants
from app.services.ports.webhooks import ConversationsById
from app.services.webhooks.events import Event
from app.services.webhooks.payloads import shown_chat, shown_conversation


def message_received(assistant: Assistant, chat: Chat) -> Event:
    """A message came; nothing of its answer is told."""
    unanswered = replace(
        chat, response="", parts=(), sources=(), tokens=Tokens(), model=None, degraded=False, cut=False
    )
    unanswered = replace(unanswered, handover_reason=None, merged_into=None, state=ChatState.ANSWERING)
    return _event(assistant, EventType.MESSAGE_RECEIVED, unanswered)


class MessageEvents:
    """Makes the events of messages that ended."""

    def __init__(self, assistants: Assistants, conversations: ConversationsById) -> None:
        self._assistants = assistants
        self._conversations = conversations

    def of_ended(self, chats: Sequence[Chat], received: Collection[str]) -> list[Event]:
        """What is to be told of these, as they were stored at their ends; what was deleted since is not.

        Of those whose ids are in `received` it was told that they came.
        """
        assistants = {one: self._assistants.by_id(one) for one in {chat.assistant_id for chat in chats}}
        conversations = self._conversations.by_ids([chat.conversation_id for chat in chats])
        events: list[Event] = []
        for chat in chats:
            assistant, conversation = assistants[chat.assistant_id], conversations.get(chat.conversation_id)
            if assistant is not None and conversation is not None:
                now = replace(chat, active=conversation.active and chat.handover_reason is None)
                events += [] if chat.id in received else [message_received(assistant, now)]
                events += _end_of(assistant, now, conversation)
        return events


def _end_of(assistant: Assistant, chat: Chat, conversation: Conversation) -> list[Event]:
    """For a message that a person answers, or another's answer is for, that is no event."""
    if chat.state is ChatState.FAILED:
        return [_event(assistant, EventType.MESSAGE_FAILED, chat)]
    if chat.state is not ChatState.ANSWERED:
        return []
    answered = _event(assistant, EventType.MESSAGE_ANSWERED, chat)
    if chat.handover_reason is None:
        return [answered]
    given = shown_conversation(replace(conversation, active=False, handover_reason=chat.handover_reason))
    return [answered, Event(assistant, EventType.CONVERSATION_HANDOVER, given, chat.id, _contact(chat))]


def _event(assistant: Assistant, event_type: EventType, chat: Chat) -> Event:
    failure = {"error": chat.error} if event_type is EventType.MESSAGE_FAILED else {}
    return Event(assistant, event_type, shown_chat(chat) | failure, chat.id, _contact(chat))


def _contact(chat: Chat) -> Contact:
    return Contact(chat.conversation_id, chat.id)
