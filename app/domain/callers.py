"""Who makes a request: a person, or a program with a key of one assistant."""

from dataclasses import dataclass

from app.domain.assistants import Assistant
from app.domain.permissions import Role, Scope
from app.domain.users import User


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A program that sent a key of an assistant; `id`, `name` and `per_minute` are the key's."""

    id: str
    name: str
    assistant_id: str
    scopes: frozenset[Scope]
    per_minute: int | None = None


Caller = User | KeyHolder


def role_at(caller: Caller, assistant: Assistant) -> Role | None:
    """The role of a person at an assistant, None without one; programs have scopes instead of a role."""
    if isinstance(caller, KeyHolder):
        return None
    if caller.is_admin or caller.id == assistant.owner_id:
        return Role.OWNER
    return next((member.role for member in assistant.members if member.user_id == caller.id), None)
