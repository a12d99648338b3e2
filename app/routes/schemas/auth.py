"""Registering, signing in, and the caller's own account."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints

from app.domain.users import User
from app.routes.schemas.common import AnswerModel, Name, RequestModel, Storable, Text


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError:
        raise ValueError("is not an e-mail address") from None


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    Storable,
    AfterValidator(_email),
    Field(examples=["ana@example.com"]),
]


NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=128), Storable]
GivenPassword = Annotated[Text, Field(max_length=1000)]


class RegisterIn(RequestModel):
    """A new account."""

    name: Name
    email: Email
    password: NewPassword
    invitation: Annotated[Text, Field(max_length=200)] | None = Field(
        None, description="The token at the end of an invitation's link"
    )


class ForgotPasswordIn(RequestModel):
    """An e-mail address; its form is not checked, so that each gets the same answer."""

    email: Annotated[Text, Field(max_length=1000)]

    def normalised_email(self) -> str:
        """The address as registering would have kept it, or as it was sent."""
        try:
            return _email(self.email.strip())
        except ValueError:
            return self.email.strip()


class LoginIn(ForgotPasswordIn):
    """E-mail and password, of which the same is true."""

    password: GivenPassword


class UserOut(AnswerModel):
    """A user."""

    id: str
    name: str
    email: str

    @classmethod
    def of(cls, user: User) -> "UserOut":
        return cls(id=user.id, name=user.name, email=user.email)


class MeOut(UserOut):
    """The caller."""

    is_admin: bool = Field(description="Whether they administer the service")

    @classmethod
    def of(cls, user: User) -> "MeOut":
        return cls(id=user.id, name=user.name, email=user.email, is_admin=user.is_admin)


class PasswordIn(RequestModel):
    """The caller's password and their next one."""

    current_password: GivenPassword
    new_password: NewPassword


class ResetPasswordIn(RequestModel):
    """The token of a link, and the password that is to be the user's."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200), Storable]
    password: NewPassword


class RegisterOut(AnswerModel):
    """The account that was made."""

    message: str
    user: UserOut


class LoginOut(AnswerModel):
    """A token, good for `TOKEN_HOURS`."""

    token: str
    user: UserOut
