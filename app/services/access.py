"""Who may see and touch what."""

from app.domain.assistants import Assistant
from app.domain.errors import InvalidError, NotFoundError
from app.domain.ids import is_id
from app.domain.users import User
from app.services.ports.accounts import Assistants


class Access:
    """Finds assistants for a caller; unknown, malformed and somebody else's ids are all the same to them."""

    def __init__(self, assistants: Assistants) -> None:
        self._assistants = assistants

    def assistant(self, caller: User, assistant_id: str) -> Assistant:
        """The assistant, if the caller may touch it; raises `NotFoundError`."""
        found = self._assistants.by_id(assistant_id) if is_id(assistant_id) else None
        if found is None or not caller.may_touch(found.owner_id):
            raise NotFoundError("assistant")
        return found

    def may_touch(self, caller: User, assistant_id: str) -> bool:
        """Whether the assistant exists and the caller may touch it."""
        found = self._assistants.by_id(assistant_id)
        return found is not None and caller.may_touch(found.owner_id)

    def check_filter(self, caller: User, assistant_id: str | None) -> None:
        """Raise `InvalidError` naming the filter when a list cannot be narrowed to this assistant."""
        try:
            if assistant_id is not None:
                self.assistant(caller, assistant_id)
        except NotFoundError as error:
            raise InvalidError("A filter cannot be used.", {"assistant_id": [error.message]}) from None

    def owner_scope(self, caller: User) -> str | None:
        """Whose things the caller's lists show: None is everybody's."""
        return None if caller.is_admin else caller.id

    def hidden_assistants(self, caller: User) -> list[str]:
        """Assistants that were deleted but whose documents and chats may still be in the database."""
        return [one for one, _ in self._assistants.being_deleted(self.owner_scope(caller))]
