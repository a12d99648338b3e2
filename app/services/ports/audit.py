"""Where the audit is kept."""

from collections.abc import Mapping
from typing import Any, Protocol

from app.domain.audit import AuditEntry, AuditFilter, AuditOutcome, Target


class AuditRows(Protocol):
    def add(self, entry: AuditEntry) -> None: ...
    def count(self, entry: AuditEntry) -> None: ...
    def end(
        self,
        entry_id: str,
        outcome: AuditOutcome,
        target: Target | None,
        after: Mapping[str, Any] | None,
        code: str | None,
    ) -> None: ...
    def page(self, wanted: AuditFilter, before: str | None, limit: int) -> list[AuditEntry]: ...
    def delete_older(self, entry_id: str, most: int) -> int: ...
