"""Who may see and touch what: every service asks here, and the table in `domain/permissions.py` answers."""

from dataclasses import replace
from typing import TypeVar

from app.domain.assistants import Assistant
from app.domain.audit import AuditFilter
from app.domain.callers import Caller, KeyHolder, role_at
from app.domain.chats import ChatFilter
from app.domain.conversations import ConversationFilter
from app.domain.documents import DocumentFilter
from app.domain.errors import ForbiddenError, InvalidError, NotFoundError
from app.domain.ids import is_id
from app.domain.permissions import Action, role_allows, roles_for, scopes_allow
from app.services.ports.accounts import Assistants

Filter = TypeVar("Filter", AuditFilter, ChatFilter, ConversationFilter, DocumentFilter)


class Access:
    """Finds assistants for a caller.

    Unknown and malformed ids, and those of assistants at which the caller has no role, are one and the same.
    """

    def __init__(self, assistants: Assistants) -> None:
        self._assistants = assistants

    def assistant(self, caller: Caller, assistant_id: str, action: Action, what: str = "assistant") -> Assistant:
        """The assistant, if the caller may do this with it, or with `what` belongs to it.

        Raises `NotFoundError` where the caller has no role, `ForbiddenError` `not_allowed` where the role is too
        low, or `scope_missing` where the key has not the scope.
        """
        found = self._assistants.by_id(assistant_id) if is_id(assistant_id) else None
        if found is None:
            raise NotFoundError(what)
        if isinstance(caller, KeyHolder):
            if caller.assistant_id != found.id:
                raise NotFoundError(what)
            check_scope(caller, action)
            return found
        role = role_at(caller, found)
        if role is None:
            raise NotFoundError(what)
        if not role_allows(role, action):
            sentence = f"Your role at this assistant ({role}) does not allow this."
            raise ForbiddenError(sentence, code="not_allowed")
        return found

    def narrowed(self, caller: Caller, wanted: Filter, action: Action) -> Filter:
        """The filter of a list, narrowed to the assistants with which the caller may do this.

        Raises `InvalidError` naming `assistant_id` where the caller has no role there; `ForbiddenError`.
        """
        if isinstance(caller, KeyHolder):
            assistant_id = wanted.assistant_id or caller.assistant_id
            return replace(wanted, assistant_id=self.filtered(caller, assistant_id, action).id)
        if wanted.assistant_id is not None:
            self.filtered(caller, wanted.assistant_id, action)
            return wanted
        owner_id = None if caller.is_admin else caller.id
        return replace(
            wanted,
            owner_id=owner_id,
            hidden_assistants=[one for one, _ in self._assistants.being_deleted(owner_id)],
            shared_assistants=self._assistants.shared_with(owner_id, roles_for(action)) if owner_id else (),
        )

    def filtered(self, caller: Caller, assistant_id: str, action: Action) -> Assistant:
        """The assistant that a list is narrowed to; raises `InvalidError` naming the filter, `ForbiddenError`."""
        try:
            return self.assistant(caller, assistant_id, action)
        except NotFoundError as error:
            raise InvalidError("A filter cannot be used.", {"assistant_id": [error.message]}) from None


def check_administrator(caller: Caller) -> None:
    """Raise `ForbiddenError` `not_allowed` unless the caller administers the service."""
    if isinstance(caller, KeyHolder) or not caller.is_admin:
        raise ForbiddenError("Only an administrator of the service may do this.", code="not_allowed")


def check_scope(caller: KeyHolder, action: Action) -> None:
    """Raise `ForbiddenError` `scope_missing` unless the key is good for this."""
    if not scopes_allow(caller.scopes, action):
        raise ForbiddenError("This key has not the scope that this needs.", code="scope_missing")
