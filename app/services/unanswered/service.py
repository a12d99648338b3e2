"""Shows what an assistant did not know, and what has been done about it."""

from dataclasses import replace

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.domain.permissions import Action
from app.domain.unanswered import GroupState, UnansweredGroup
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.ports import Clock
from app.services.ports.unanswered import UnansweredRows
from app.services.prompts import author_of
from app.services.unanswered.grouping import UnansweredGrouping


class UnansweredService:
    """Groups of questions for those who may see them; raises `NotFoundError`, `ForbiddenError`."""

    def __init__(
        self, access: Access, rows: UnansweredRows, grouping: UnansweredGrouping, audit: AuditLog, clock: Clock
    ) -> None:
        self._access = access
        self._rows = rows
        self._grouping = grouping
        self._audit = audit
        self._clock = clock

    def page(
        self, caller: Caller, assistant_id: str, state: GroupState, before: str | None, limit: int
    ) -> list[UnansweredGroup]:
        """An assistant's groups in a state, those asked last first."""
        assistant = self._access.assistant(caller, assistant_id, Action.READ)
        self._grouping.group_some()
        return self._rows.page(assistant.id, state, before, limit)

    def get(self, caller: Caller, group_id: str, action: Action) -> tuple[Assistant, UnansweredGroup]:
        """A group and its assistant, for a caller who may do this."""
        group = self._rows.by_id(group_id) if is_id(group_id) else None
        if group is None:
            raise NotFoundError("group")
        return self._access.assistant(caller, group.assistant_id, action, "group"), group

    def done(self, caller: Caller, group_id: str) -> UnansweredGroup:
        """Nothing more is to be done about a group."""
        assistant, group = self.get(caller, group_id, Action.CORRECT)
        done = replace(group, done_at=self._clock(), done_by=author_of(caller))
        return self._marked(caller, AuditAction.UNANSWERED_DONE, assistant, done)

    def reopen(self, caller: Caller, group_id: str) -> UnansweredGroup:
        """Something is to be done about it after all."""
        assistant, group = self.get(caller, group_id, Action.CORRECT)
        opened = replace(group, done_at=None, done_by=None)
        return self._marked(caller, AuditAction.UNANSWERED_REOPEN, assistant, opened)

    def _marked(
        self, caller: Caller, action: AuditAction, assistant: Assistant, group: UnansweredGroup
    ) -> UnansweredGroup:
        with self._audit.change(caller, action, Target("unanswered", group.id), Place.of(assistant)):
            self._rows.mark(group.id, group.done_at, group.done_by)
        return group
