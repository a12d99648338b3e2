"""What operators use beside the messages."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.services.access import Access
from app.services.audit import AuditLog
from app.services.conversation_records import ConversationDeletion, ConversationExport
from app.services.conversation_views import ConversationService
from app.services.erasure import Erasure
from app.services.inbox.canned_replies import CannedReplyService
from app.services.inbox.changes import Changes
from app.services.inbox.labels import LabelService
from app.services.inbox.message_indexing import MessageIndexing
from app.services.inbox.message_search import MessageSearch
from app.services.inbox.notes import NoteService
from app.services.inbox.overviews import Overviews
from app.services.inbox.presence import PresenceService
from app.services.inbox.turns import Turns
from app.services.periodic_tasks import PeriodicTasks
from app.services.ports import Clock
from app.wiring.repositories import Repositories

# A message is found this much later.
_INDEXING_SECONDS = 2


@dataclass(frozen=True)
class InboxServices:
    """Conversations, and what is beside them."""

    conversations: ConversationService
    turns: Turns
    exports: ConversationExport
    deletion: ConversationDeletion
    changes: Changes
    notes: NoteService
    labels: LabelService
    canned_replies: CannedReplyService
    presence: PresenceService
    search: MessageSearch
    indexing: PeriodicTasks


def machine_clock() -> datetime:
    """The time that rows carry as that of their last change."""
    return datetime.now(UTC)


def compose_inbox(
    rows: Repositories, access: Access, erasure: Erasure, clock: Clock, audit: AuditLog
) -> InboxServices:
    """Put the operators' services together."""
    overviews = Overviews(rows.assistants, rows.channels, rows.chats, rows.read_marks)
    changes = Changes(rows.changes, machine_clock)
    conversations = ConversationService(access, rows.conversations, rows.conversation_search, overviews, changes)
    indexing = MessageIndexing(rows.message_words, rows.conversation_names, machine_clock)
    return InboxServices(
        conversations=conversations,
        turns=Turns(rows.chats, changes),
        exports=ConversationExport(conversations, rows.chats, rows.notes, rows.contacts, audit),
        deletion=ConversationDeletion(conversations, erasure, rows.contacts),
        changes=changes,
        notes=NoteService(access, conversations, rows.notes, clock),
        labels=LabelService(access, conversations, rows.labels, clock, audit),
        canned_replies=CannedReplyService(access, rows.canned_replies, clock, audit),
        presence=PresenceService(conversations, rows.presence, clock),
        search=MessageSearch(access, rows.assistants, rows.message_words, rows.messages, rows.conversations),
        indexing=PeriodicTasks((indexing.run,), _INDEXING_SECONDS, name="message search"),
    )
