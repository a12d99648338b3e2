"""Two contacts turn out to be one: no assistant talks over the person who answers one of them."""

from datetime import datetime

from app.domain.contacts import Contact
from app.domain.conversations import Conversation
from app.services.conversations import ConversationSwitch
from app.services.ports.accounts import Assistants
from app.services.ports.contacts import ContactsOfConversations
from app.services.ports.webhooks import ConversationsById


class MergedConversations:
    """Carries over who answers, as everything that a merged contact says comes to the other one's conversation."""

    def __init__(
        self,
        contacts: ContactsOfConversations,
        assistants: Assistants,
        conversations: ConversationsById,
        switch: ConversationSwitch,
    ) -> None:
        self._contacts = contacts
        self._assistants = assistants
        self._conversations = conversations
        self._switch = switch

    def carry_over(self, left: Contact, kept: Contact) -> None:
        """A person answers the conversation that is kept if one answers the one that is left. Repeatable."""
        found = self._conversations.by_ids([left.conversation_id, kept.conversation_id])
        before, after = found.get(left.conversation_id), found.get(kept.conversation_id)
        if before is not None and after is not None:
            self._carry(before, after)

    def catch_up(self, kept: Contact) -> None:
        """The same, where a person has written in a conversation that was left after its contact was merged."""
        lefts = [one for one in self._contacts.of_conversation(kept.conversation_id) if one.id != kept.id]
        found = self._conversations.by_ids([kept.conversation_id, *(one.conversation_id for one in lefts)])
        after = found.get(kept.conversation_id)
        for left in lefts:
            before = found.get(left.conversation_id)
            if before is not None and after is not None and _is_later(before.person_at, after.person_at):
                self._carry(before, after)

    def _carry(self, before: Conversation, after: Conversation) -> None:
        if before.active or not after.active:
            return
        assistant = self._assistants.by_id(after.assistant_id)
        if assistant is not None:
            self._switch.switch(
                assistant,
                after,
                active=False,
                waiting_since=before.waiting_since,
                reason=before.handover_reason,
            )


def _is_later(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and (other is None or moment > other)
