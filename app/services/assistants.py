"""Assistants: made, shown, changed and deleted by those who may."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from app.domain.assistants import Assistant, AssistantSettings, WhenExhausted
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller, KeyHolder
from app.domain.errors import ForbiddenError, InvalidError, QuotaExceededError
from app.domain.ids import new_id
from app.domain.permissions import Action
from app.domain.users import User
from app.services.access import Access
from app.services.assistant_cleanup import AssistantCleanup
from app.services.audit import AuditLog, differences
from app.services.ownership import Ownership
from app.services.ports import Clock
from app.services.ports.accounts import Assistants, Vault
from app.services.quotas import AssistantQuota
from app.services.settings_rules import SettingsRules


@dataclass(frozen=True, slots=True)
class AssistantChange:
    """What is to be changed: `name` and `company` by name, the owner (None: no change), and settings by name."""

    details: Mapping[str, Any]
    owner_id: str | None
    settings: Mapping[str, Any]


class AssistantService:
    """What a dashboard does with assistants."""

    def __init__(
        self,
        assistants: Assistants,
        ownership: Ownership,
        vault: Vault,
        cleanup: AssistantCleanup,
        clock: Clock,
        *,
        rules: SettingsRules,
        quota: AssistantQuota,
        audit: AuditLog,
    ) -> None:
        self._assistants = assistants
        self._access = Access(assistants)
        self._ownership = ownership
        self._vault = vault
        self._cleanup = cleanup
        self._clock = clock
        self._rules = rules
        self._quota = quota
        self._audit = audit

    def add(
        self,
        caller: User,
        name: str,
        owner_id: str | None,
        settings: AssistantSettings,
        company: str | None = None,
    ) -> Assistant:
        """A new assistant with a new key; only administrators make them for others.

        Raises `ForbiddenError`, `InvalidError`, `QuotaExceededError`.
        """
        if owner_id is not None and owner_id != caller.id:
            if not caller.is_admin:
                raise ForbiddenError("Only an administrator may create an assistant for somebody else.")
            self._ownership.check_owner(owner_id)
        self._rules.check(settings)
        owner_id = owner_id or caller.id
        self._quota.check(caller, owner_id, more=1)
        key = self._vault.create()
        assistant = Assistant(new_id(), name, owner_id, key, self._clock(), settings=settings, company=company)
        after = {"owner_id": owner_id, "company": company, "settings": asdict(settings)}
        with self._audit.change(caller, AuditAction.ASSISTANT_ADD, *_named(assistant), after=after):
            self._assistants.add(assistant)
            self._check_quota_again(caller, assistant)
        return assistant

    def _check_quota_again(self, caller: User, assistant: Assistant) -> None:
        """Of several that were made at the same moment those too many go again."""
        try:
            self._quota.check(caller, assistant.owner_id, more=0)
        except QuotaExceededError:
            self._remove(assistant)
            raise

    def get(self, caller: Caller, assistant_id: str, action: Action = Action.READ) -> Assistant:
        """One assistant, for a caller who may do this with it; raises `NotFoundError`, `ForbiddenError`."""
        return self._access.assistant(caller, assistant_id, action)

    def page(self, caller: Caller, before: str | None, limit: int) -> list[Assistant]:
        """The assistants at which the caller has a role, newest first."""
        if isinstance(caller, KeyHolder):
            assistant = self.get(caller, caller.assistant_id)
            return [assistant] if before is None or assistant.id < before else []
        return self._assistants.page(None if caller.is_admin else caller.id, before, limit)

    def update(self, caller: User, assistant_id: str, change: AssistantChange) -> Assistant:
        """Change the name, the company, the settings and, for administrators, the owner.

        Raises `NotFoundError`, `ForbiddenError`, `InvalidError` (`read_only` where somebody else tries to change
        the owner).
        """
        assistant = self.get(caller, assistant_id, Action.CONFIGURE)
        new_owner = None if change.owner_id == assistant.owner_id else change.owner_id
        if new_owner is not None:
            self._check_new_owner(caller, new_owner)
        settings = replace(assistant.settings, **change.settings)
        if _budget_of(settings) != _budget_of(assistant.settings):
            self.get(caller, assistant_id, Action.SET_BUDGET)
        if settings.retention_days != assistant.settings.retention_days:
            self.get(caller, assistant_id, Action.DELETE_CONVERSATION)
        self._rules.check(settings, assistant.settings)
        owner = {"owner_id": new_owner} if new_owner is not None else {}
        before, after = differences(_fields(assistant), {**change.details, **change.settings, **owner})
        target, place = _named(assistant)
        with self._audit.change(caller, AuditAction.ASSISTANT_UPDATE, target, place, before=before, after=after):
            self._assistants.configure(assistant.id, change.details, change.settings)
            if new_owner is not None:
                self._ownership.change(assistant.id, new_owner)
        return self._assistants.by_id(assistant.id) or assistant

    def delete(self, caller: User, assistant_id: str) -> None:
        """Delete an assistant with all it has; done for good once this returns, whatever happens then."""
        assistant = self.get(caller, assistant_id, Action.DELETE_ASSISTANT)
        with self._audit.change(caller, AuditAction.ASSISTANT_DELETE, *_named(assistant)):
            self._remove(assistant)

    def _remove(self, assistant: Assistant) -> None:
        self._assistants.mark_deleted(assistant.id, self._clock())
        self._cleanup.remove(assistant.id)

    def _check_new_owner(self, caller: User, owner_id: str) -> None:
        if not caller.is_admin:
            problem = {"owner_id": ["Only an administrator may change the owner."]}
            raise InvalidError("The owner cannot be changed.", problem, code="read_only")
        self._ownership.check_owner(owner_id)


def _named(assistant: Assistant) -> tuple[Target, Place]:
    return Target("assistant", assistant.id, assistant.name), Place.of(assistant)


def _fields(assistant: Assistant) -> dict[str, Any]:
    """What of an assistant people change."""
    details = {"name": assistant.name, "company": assistant.company, "owner_id": assistant.owner_id}
    return {**details, **asdict(assistant.settings)}


def _budget_of(settings: AssistantSettings) -> tuple[Decimal | None, WhenExhausted]:
    return settings.monthly_budget_brl, settings.when_exhausted
