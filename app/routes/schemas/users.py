"""People's accounts, as administrators see them."""

from pydantic import Field

from app.domain.users import User
from app.routes.schemas.common import AnswerModel, Id, Moment, Name, PageQuery, RequestModel


class AccountQuery(PageQuery):
    """Which accounts to list."""

    q: Name | None = Field(
        None,
        description=(
            "A part of the name or of the e-mail address; case and accents do not count. Each page looks through a "
            "bounded number of users: it may be short, or empty, and the search goes on at the next one in `Link`"
        ),
    )


class AccountUpdateIn(RequestModel):
    """What is to be changed; what is left out stays as it is."""

    is_admin: bool | None = Field(None, description="Whether they administer the service")
    blocked: bool | None = Field(None, description="Whether they are kept from signing in; ends all their tokens")


class AccountOut(AnswerModel):
    """An account."""

    underscore_id: Id = Field(alias="_id")
    id: Id
    name: str
    email: str
    is_admin: bool = Field(description="Whether they administer the service, by themselves or by ADMIN_EMAILS")
    blocked: bool
    created_at: Moment = Field(alias="createdAt")

    @classmethod
    def of(cls, user: User) -> "AccountOut":
        return cls(
            underscore_id=user.id,
            id=user.id,
            name=user.name,
            email=user.email,
            is_admin=user.is_admin,
            blocked=user.blocked,
            created_at=user.created_at,
        )


class ResetLinkOut(AnswerModel):
    """A link for somebody who forgot their password; shown this once."""

    link: str = Field(description="Good once")
    token: str = Field(description="What `/auth/resetPassword` takes, for other pages than the link's")
    expires_at: Moment
