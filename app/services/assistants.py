"""Assistants: made, shown, changed and deleted by those who own them."""

from collections.abc import Mapping
from typing import Any

from app.domain.assistants import Assistant
from app.domain.errors import ForbiddenError, InvalidError, UnauthorizedError
from app.domain.ids import is_id, new_id
from app.domain.users import User
from app.services.access import Access
from app.services.assistant_remains import AssistantRemains
from app.services.ports import Assistants, Clock, Users, Vault


class AssistantService:
    """What a dashboard does with assistants."""

    def __init__(
        self, assistants: Assistants, users: Users, vault: Vault, remains: AssistantRemains, clock: Clock
    ) -> None:
        self._assistants = assistants
        self._access = Access(assistants)
        self._users = users
        self._vault = vault
        self._remains = remains
        self._clock = clock

    def add(self, caller: User, name: str, owner_id: str | None) -> Assistant:
        """A new assistant with a new key; only administrators make them for others."""
        if owner_id is not None and owner_id != caller.id:
            if not caller.is_admin:
                raise ForbiddenError("Only an administrator may create an assistant for somebody else.")
            self._check_owner(owner_id)
        assistant = Assistant(new_id(), name, owner_id or caller.id, self._vault.create(), self._clock())
        self._assistants.add(assistant)
        return assistant

    def get(self, caller: User, assistant_id: str) -> Assistant:
        """One assistant; raises `NotFoundError`."""
        return self._access.assistant(caller, assistant_id)

    def with_key(self, api_key: str) -> Assistant:
        """The assistant a gateway speaks for; raises `UnauthorizedError` `invalid_api_key`."""
        assistant = self._assistants.by_api_key(api_key) if api_key else None
        if assistant is None:
            raise UnauthorizedError("The API key is missing or wrong.", code="invalid_api_key")
        return assistant

    def page(self, caller: User, before: str | None, limit: int) -> list[Assistant]:
        """The caller's assistants, newest first."""
        return self._assistants.page(self._access.owner_scope(caller), before, limit)

    def update(
        self, caller: User, assistant_id: str, name: str | None, owner_id: str | None, read_only: Mapping[str, Any]
    ) -> Assistant:
        """Change what may change; `read_only` holds the other fields as sent, which must be as they are."""
        assistant = self.get(caller, assistant_id)
        changed = {field for field, value in read_only.items() if value != _READ_ONLY[field](assistant)}
        new_owner = owner_id if owner_id not in (None, assistant.owner_id) else None
        if new_owner and not caller.is_admin:
            changed.add("owner_id")
        if changed:
            problems = {field: ["This field cannot be changed."] for field in sorted(changed)}
            raise InvalidError("Some of these fields cannot be changed.", problems, code="read_only")
        if name is not None:
            self._assistants.rename(assistant.id, name)
        if new_owner:
            self._check_owner(new_owner)
            self._assistants.change_owner(assistant.id, new_owner, self._clock())
            self._remains.follow_owner(assistant.id, new_owner)
        return self.get(caller, assistant_id)

    def delete(self, caller: User, assistant_id: str) -> None:
        """Delete an assistant with all it has; done for good once this returns, whatever happens then."""
        assistant = self.get(caller, assistant_id)
        self._assistants.mark_deleted(assistant.id, self._clock())
        self._remains.remove(assistant.id)

    def _check_owner(self, owner_id: str) -> None:
        if not is_id(owner_id) or self._users.by_id(owner_id) is None:
            raise InvalidError("There is no such owner.", {"owner_id": ["There is no such user."]})


_READ_ONLY = {
    "id": lambda assistant: assistant.id,
    "api_key": lambda assistant: assistant.api_key,
    "created_at": lambda assistant: assistant.created_at,
}
