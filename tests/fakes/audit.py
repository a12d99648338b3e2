"""An audit in memory."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.audit import AuditEntry, AuditFilter, AuditOutcome, Origin, Target
from app.services.audit import AuditLog
from tests.fakes.clock import FakeClock


class FakeAuditRows:
    """Keeps entries in the order in which they came."""

    def __init__(self) -> None:
        self.entries: dict[str, AuditEntry] = {}

    def add(self, entry: AuditEntry) -> None:
        self.entries[entry.id] = entry

    def count(self, entry: AuditEntry) -> None:
        known = self.entries.get(entry.id)
        counted = replace(known, count=known.count + 1, last_at=entry.last_at) if known else entry
        self.entries[entry.id] = counted

    def end(
        self,
        entry_id: str,
        outcome: AuditOutcome,
        target: Target | None,
        after: Mapping[str, Any] | None,
        code: str | None,
    ) -> None:
        ended = replace(self.entries[entry_id], outcome=outcome, target=target, after=after, code=code)
        self.entries[entry_id] = ended

    def page(self, wanted: AuditFilter, before: str | None, limit: int) -> list[AuditEntry]:
        raise NotImplementedError

    def delete_older(self, entry_id: str, most: int) -> int:
        old = [one for one in sorted(self.entries) if one < entry_id][:most]
        for one in old:
            del self.entries[one]
        return len(old)


def audit_of_tests(rows: FakeAuditRows | None = None, origin: Origin | None = None) -> AuditLog:
    """An audit that a service under test can write."""
    where = origin or Origin()
    return AuditLog(rows or FakeAuditRows(), FakeClock(), lambda: where)
