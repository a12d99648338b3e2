"""Two contacts turn out to be one: no assistant talks over the person who answers one of them."""

from app.domain.contacts import Contact
from app.services.conversations import ConversationSwitch
from app.services.ports.accounts import Assistants
from app.services.ports.webhooks import ConversationsById


class MergedConversations:
    """Carries over who answers, as everything that a merged contact says comes to the other one's conversation."""

    def __init__(
        self, assistants: Assistants, conversations: ConversationsById, switch: ConversationSwitch
    ) -> None:
        self._assistants = assistants
        self._conversations = conversations
        self._switch = switch

    def carry_over(self, left: Contact, kept: Contact) -> None:
        """A person answers the conversation that is kept if one answers the one that is left. Repeatable."""
        found = self._conversations.by_ids([left.conversation_id, kept.conversation_id])
        before, after = found.get(left.conversation_id), found.get(kept.conversation_id)
        if before is None or before.active or after is None or not after.active:
            return
        assistant = self._assistants.by_id(kept.assistant_id)
        if assistant is not None:
            self._switch.switch(
                assistant,
                after,
                active=False,
                waiting_since=before.waiting_since,
                reason=before.handover_reason,
            )
