"""Shows the audit to whom it concerns, and forgets what is old."""

from dataclasses import replace
from datetime import timedelta

from app.domain.audit import AuditEntry, AuditFilter
from app.domain.callers import Caller, KeyHolder
from app.domain.errors import InvalidError
from app.domain.ids import first_id_at, is_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.ports import Clock
from app.services.ports.audit import AuditRows

_AT_ONCE = 1000
_MOST_A_ROUND = 100_000


class AuditHistory:
    """Owners see what happened at their assistants, administrators everything; `days` 0: nothing is forgotten."""

    def __init__(self, access: Access, rows: AuditRows, days: int, clock: Clock) -> None:
        self._access = access
        self._rows = rows
        self._days = days
        self._clock = clock

    def page(self, caller: Caller, wanted: AuditFilter, before: str | None, limit: int) -> list[AuditEntry]:
        """The entries that fit the filter, newest first.

        Raises `InvalidError` for a filter that cannot be used, `ForbiddenError`.
        """
        for name, value in (("assistant_id", wanted.assistant_id), ("user_id", wanted.user_id)):
            if value is not None and not is_id(value):
                raise InvalidError("A filter cannot be used.", {name: ["Is not an id."]})
        return self._rows.page(self._narrowed(caller, wanted), before, limit)

    def sweep(self) -> None:
        """Delete what is older than the setting says, at most 100,000 entries a round."""
        if not self._days:
            return
        oldest = first_id_at(self._clock() - timedelta(days=self._days))
        for _ in range(0, _MOST_A_ROUND, _AT_ONCE):
            if self._rows.delete_older(oldest, _AT_ONCE) < _AT_ONCE:
                return

    def _narrowed(self, caller: Caller, wanted: AuditFilter) -> AuditFilter:
        """What happened at assistants that are no more stays visible to administrators and their last owners."""
        if not isinstance(caller, KeyHolder) and caller.is_admin:
            return wanted
        narrowed = self._access.narrowed(caller, wanted, Action.READ_AUDIT)
        return replace(narrowed, hidden_assistants=())
