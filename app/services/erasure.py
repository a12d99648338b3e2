"""The right to be forgotten: everything of one contact in one assistant; each step can be repeated."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.conversations import Conversation
from app.domain.erasures import Receipt
from app.domain.ids import made_at, new_id
from app.services.audit import AuditLog
from app.services.ports import Clock
from app.services.ports.conversations import ConversationRows, Conversations, Erasures
from app.services.retention import ERASURE_RETENTION, TOMBSTONE_RETENTION


class Erasure:
    """Deletes conversations. What was ordered is written down first, so that a crash cannot stop it."""

    def __init__(
        self,
        erasures: Erasures,
        conversations: Conversations,
        rows: Mapping[str, ConversationRows],
        clock: Clock,
        audit: AuditLog,
    ) -> None:
        self._erasures = erasures
        self._conversations = conversations
        self._rows = rows
        self._clock = clock
        self._audit = audit

    def erase(self, conversation: Conversation, by: Caller | None = None, also: Collection[str] = ()) -> Receipt:
        """Delete a conversation with its chats and the keys they came under; a later message begins a new one.

        `by` None: the service itself. `also`: further conversations that the same contact may have, which go with
        it. The audit keeps the receipt, which names nobody.
        """
        receipt_id = new_id()
        found = self._conversations.by_ids(also)
        others = [found.get(one) or replace(conversation, id=one) for one in also]
        ordered = [(one, new_id(after=one.latest_chat_id)) for one in (conversation, *others)]
        target, place = Target("receipt", receipt_id), Place(conversation.assistant_id, conversation.owner_id)
        with self._audit.change(by, AuditAction.CONVERSATION_ERASE, target, place) as change:
            for one, before in ordered:
                self._erasures.order(one, before)
            erased: Counter[str] = Counter()
            for one, before in ordered:
                erased.update(self._follow(one.id, before))
            change.after = {"erased": dict(erased)}
        return Receipt(receipt_id, dict(erased), self._clock())

    def sweep(self) -> None:
        """Finish what a crash cut off, and delete what requests wrote that had begun before."""
        now = self._clock()
        settled_before = now - TOMBSTONE_RETENTION
        for conversation_id, before in self._erasures.ordered():
            self._follow(conversation_id, before)
            if made_at(before) < settled_before:
                self._erasures.done(conversation_id, before)
        self._erasures.forget(now - ERASURE_RETENTION)

    def _follow(self, conversation_id: str, before: str) -> dict[str, int]:
        erased = {name: rows.delete_of_conversation(conversation_id, before) for name, rows in self._rows.items()}
        deleted = self._conversations.delete_if_silent_since(conversation_id, before)
        if deleted:
            self._erasures.followed(conversation_id)
        return {**erased, "conversations": int(deleted)}
