"""Invitations of people who have no account yet."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.permissions import Role


@dataclass(frozen=True, slots=True)
class Invitation:
    """The offer of a role at an assistant to whoever registers with this e-mail address, until `expires_at`."""

    id: str
    assistant_id: str
    email: str
    role: Role
    expires_at: datetime
