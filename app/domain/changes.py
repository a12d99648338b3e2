"""What has changed lately in conversations, for those who look at them again and again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """What changed: a conversation, a chat of it, how far a user has read it; or it was erased."""

    CONVERSATION = "conversation"
    CHAT = "chat"
    READ_MARK = "read_mark"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class ChangedConversation:
    """When anything of a conversation last changed, and what was erased of it: activity older than an id.

    `version` grows with each change that all see.
    """

    at: datetime
    version: int
    erased_before: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One row that changed; `id` is the row's own. Of an erasure `before` says what went: older activity."""

    kind: ChangeKind
    id: str
    at: datetime
    conversation_id: str
    assistant_id: str
    owner_id: str | None = None
    user_id: str | None = None
    before: str | None = None
