"""Who owns an assistant, and what follows when that changes; each step can be repeated."""

from collections.abc import Sequence

from app.domain.errors import InvalidError
from app.domain.ids import is_id
from app.services.ports import Clock
from app.services.ports.accounts import Assistants, OwnedRows, Users
from app.services.retention import TOMBSTONE_RETENTION


class Ownership:
    """Documents, conversations and chats name the owner of their assistant, so that lists need one index."""

    def __init__(self, assistants: Assistants, users: Users, rows: Sequence[OwnedRows], clock: Clock) -> None:
        self._assistants = assistants
        self._users = users
        self._rows = rows
        self._clock = clock

    def check_owner(self, owner_id: str) -> None:
        """Raise `InvalidError` if there is no such user."""
        if not is_id(owner_id) or self._users.by_id(owner_id) is None:
            raise InvalidError("There is no such owner.", {"owner_id": ["There is no such user."]})

    def change(self, assistant_id: str, owner_id: str) -> None:
        """Hand an assistant with all it has to another user."""
        self._assistants.change_owner(assistant_id, owner_id, self._clock())
        self._follow(assistant_id, owner_id)

    def sweep(self) -> None:
        """Finish what a crash cut off, and what requests wrote that had begun before."""
        settled_before = self._clock() - TOMBSTONE_RETENTION
        for assistant, changed_at in self._assistants.owner_changed():
            self._follow(assistant.id, assistant.owner_id)
            if changed_at < settled_before:
                self._assistants.owner_settled(assistant.id, changed_at)

    def _follow(self, assistant_id: str, owner_id: str) -> None:
        for rows in self._rows:
            rows.change_owner(assistant_id, owner_id)
