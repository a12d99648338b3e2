"""Tells webhooks when a conversation goes to a person, and when it comes back."""

import logging
from dataclasses import replace

from app.domain.assistants import Assistant
from app.domain.conversations import Conversation
from app.domain.ids import new_id
from app.domain.webhooks import Announcement, Contact, EventType
from app.services.ports.accounts import Assistants
from app.services.ports.webhooks import AnnouncedConversations, Events
from app.services.webhooks.payloads import shown_conversation

_log = logging.getLogger(__name__)


class ConversationAnnouncer:
    """Announces switches. The announcement is stored in the write that switches, and taken out once it is made; a
    sweep makes those that a process died with.
    """

    def __init__(self, events: Events, assistants: Assistants, conversations: AnnouncedConversations) -> None:
        self._events = events
        self._assistants = assistants
        self._conversations = conversations

    @staticmethod
    def announcement(assistant: Assistant, before: Conversation, changed: Conversation) -> Announcement | None:
        """What is to be announced of a switch; None if it changes nothing, or no webhook wants to know."""
        now_active = EventType.CONVERSATION_REACTIVATED
        event_type = now_active if changed.active else EventType.CONVERSATION_HANDOVER
        if before.active == changed.active or not assistant.announces(event_type):
            return None
        return Announcement(new_id(), event_type)

    def announce(self, assistant: Assistant, switched: Conversation, announcement: Announcement) -> None:
        """Announce a switch that was made; if that is not possible right now, the sweep does it."""
        try:
            self._announce(assistant, switched, announcement)
        except Exception:
            _log.exception("A switch cannot be announced to webhooks right now; a sweep will")

    def sweep(self) -> None:
        """Make the announcements that were not made."""
        for conversation, announcements in self._conversations.to_announce():
            assistant = self._assistants.by_id(conversation.assistant_id)
            if assistant is not None:
                for announcement in announcements:
                    self._announce(assistant, conversation, announcement)

    def _announce(self, assistant: Assistant, conversation: Conversation, announcement: Announcement) -> None:
        is_active = announcement.type is EventType.CONVERSATION_REACTIVATED
        self._events.emit(
            assistant,
            announcement.type,
            shown_conversation(replace(conversation, active=is_active)),
            key=announcement.id,
            contact=Contact(conversation.id, conversation.latest_chat_id),
        )
        self._conversations.announced(conversation.id, announcement.id)
