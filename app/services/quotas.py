"""How much one user, and one assistant, may have."""

from typing import Protocol

from app.domain.assistants import Assistant
from app.domain.documents import Document
from app.domain.errors import QuotaExceededError
from app.domain.users import User

_MEGABYTE = 2**20


class OwnedAssistants(Protocol):
    def count(self, owner_id: str, most: int) -> int: ...


class StoredDocuments(Protocol):
    def count(self, assistant_id: str, most: int) -> int: ...
    def total_size(self, assistant_id: str) -> int: ...


class AssistantQuota:
    """At most `most` assistants of one owner (0: any number); administrators make as many as they want."""

    def __init__(self, assistants: OwnedAssistants, most: int) -> None:
        self._assistants = assistants
        self._most = most

    def check(self, caller: User, owner_id: str, more: int) -> None:
        """Raise `QuotaExceededError` where the owner would have too many with `more` more."""
        if not self._most or caller.is_admin:
            return
        if self._assistants.count(owner_id, self._most + 1) + more > self._most:
            raise QuotaExceededError(f"You own {self._most} assistants, which is the most; delete one first.")


class DocumentQuota:
    """At most `most` documents and `most_megabytes` (2²⁰ bytes) of one assistant; 0: no bound."""

    def __init__(self, documents: StoredDocuments, most: int, most_megabytes: int) -> None:
        self._documents = documents
        self._most = most
        self._most_megabytes = most_megabytes

    def check(self, assistant: Assistant, size: int, replaced: Document | None) -> None:
        """Raise `QuotaExceededError` where a document of `size` bytes is too much; it may replace another."""
        if self._most and replaced is None and self._documents.count(assistant.id, self._most) >= self._most:
            raise QuotaExceededError(
                f"The assistant has {self._most} documents, which is the most; delete one first."
            )
        grows = size > (replaced.size if replaced else 0)
        if not self._most_megabytes or not grows:
            return
        others = self._documents.total_size(assistant.id) - (replaced.size if replaced else 0)
        if others + size > self._most_megabytes * _MEGABYTE:
            raise QuotaExceededError(
                f"The documents of an assistant may have {self._most_megabytes} MB in all; delete one first."
            )
