"""The people of an assistant."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.domain.invitations import Invitation
from app.domain.permissions import Role
from app.routes.schemas.auth import Email
from app.routes.schemas.common import AnswerModel, Id, Moment, QueryModel, RequestModel
from app.services.members import Membership

# Strict models take no texts for members of an enumeration.
RoleName = Annotated[Role, Field(strict=False, description="Each may also do what those before it may")]


class MemberIn(RequestModel):
    """Somebody who is to have a role."""

    email: Email
    role: RoleName


class MemberQuery(QueryModel):
    """Whose role is to be taken away."""

    email: Email


class MemberOut(AnswerModel):
    """Somebody with a role, or somebody who is invited to have it."""

    user_id: Id | None = Field(description="null: has no account yet")
    name: str | None
    email: str
    role: Role
    invited: bool = Field(description="Whether they have yet to register")
    expires_at: Moment | None = Field(description="When the invitation expires")
    link: str | None = Field(None, description="Where they register; shown this once")

    @classmethod
    def of(cls, member: Membership) -> "MemberOut":
        user = member.user
        return cls(
            user_id=user.id, name=user.name, email=user.email, role=member.role, invited=False, expires_at=None
        )

    @classmethod
    def of_invited(cls, invitation: Invitation, link: str | None = None) -> "MemberOut":
        expires_at: datetime = invitation.expires_at
        return cls(
            user_id=None,
            name=None,
            email=invitation.email,
            role=invitation.role,
            invited=True,
            expires_at=expires_at,
            link=link,
        )
