"""Registering and signing in, without a database."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import pytest

from app.domain.errors import ConflictError, ForbiddenError, InvalidError, TooManyAttemptsError, UnauthorizedError
from app.domain.users import User
from app.services.administrators import NamedAdministrators
from app.services.auth import AuthService, RegistrationPolicy
from app.services.login_throttle import LoginThrottle
from tests.fakes.audit import audit_of_tests
from tests.fakes.clock import FakeClock
from tests.fakes.sign_in import FakeAttempts, FakeUsualAddresses, PlainPasswords

OPEN = RegistrationPolicy()
EMAIL, PASSWORD, ADDRESS = "ana@example.com", "uma senha comprida", "10.0.0.1"


class FakeUsers:
    """Users in memory; `rival` is somebody who registers first at the last moment."""

    def __init__(self) -> None:
        self.users: list[User] = []
        self.rival = False

    def any_exists(self) -> bool:
        return bool(self.users)

    def add(self, user: User) -> None:
        if self.by_email(user.email):
            raise ConflictError("Taken.", code="email_taken")
        self.users.append(user)

    def add_first(self, user: User) -> bool:
        if not self.rival:
            self.users.append(user)
        return not self.rival

    def by_id(self, user_id: str) -> User | None:
        return next((user for user in self.users if user.id == user_id), None)

    def by_ids(self, user_ids: Collection[str]) -> list[User]:
        return [user for user in self.users if user.id in user_ids]

    def by_email(self, email: str) -> User | None:
        return next((user for user in self.users if user.email.casefold() == email.casefold()), None)


@dataclass
class Cast:
    auth: AuthService
    users: FakeUsers
    attempts: FakeAttempts
    passwords: PlainPasswords


def cast(policy: RegistrationPolicy = OPEN) -> Cast:
    users, attempts, passwords = FakeUsers(), FakeAttempts(), PlainPasswords()
    throttle = LoginThrottle(attempts, FakeUsualAddresses(), FakeClock())
    return Cast(
        AuthService(users, throttle, passwords, FakeClock(), policy, audit=audit_of_tests()),
        users,
        attempts,
        passwords,
    )


def test_the_first_user_administers_and_the_second_does_not() -> None:
    auth = cast().auth

    assert auth.register("Ada", "ada@example.com", PASSWORD, ADDRESS).is_admin
    assert not auth.register("Ana", EMAIL, PASSWORD, ADDRESS).is_admin


def test_whoever_comes_a_moment_too_late_is_a_user_like_others() -> None:
    one = cast()
    one.users.rival = True

    assert not one.auth.register("Ana", EMAIL, PASSWORD, ADDRESS).is_admin
    assert len(one.users.users) == 1


def test_whoever_comes_a_moment_too_late_is_no_user_where_only_one_may_be() -> None:
    one = cast(RegistrationPolicy("first"))
    one.users.rival = True

    with pytest.raises(ForbiddenError):
        one.auth.register("Ana", EMAIL, PASSWORD, ADDRESS)
    assert one.users.users == []


def test_settings_name_administrators_for_as_long_as_they_are_there() -> None:
    one = cast(RegistrationPolicy(administrators=NamedAdministrators(["ANA@example.com"])))
    one.auth.register("Ada", "ada@example.com", PASSWORD, ADDRESS)
    ana = one.auth.register("Ana", EMAIL, PASSWORD, ADDRESS)
    later = cast()
    later.users.users = one.users.users

    assert ana.is_admin
    assert one.auth.login(EMAIL, PASSWORD, ADDRESS).is_admin
    assert not later.auth.login(EMAIL, PASSWORD, ADDRESS).is_admin


def test_a_password_that_is_easily_guessed_makes_no_account() -> None:
    one = cast()

    with pytest.raises(InvalidError):
        one.auth.register("Ana", EMAIL, EMAIL, ADDRESS)
    assert one.users.users == []


def test_a_blocked_account_is_told_so_to_those_who_know_its_password() -> None:
    one = cast()
    one.auth.register("Ana", EMAIL, PASSWORD, ADDRESS)
    one.users.users[0] = replace(one.users.users[0], blocked=True)

    with pytest.raises(UnauthorizedError):
        one.auth.login(EMAIL, "wrong", ADDRESS)
    with pytest.raises(ForbiddenError) as refused:
        one.auth.login(EMAIL, PASSWORD, ADDRESS)
    assert refused.value.code == "account_blocked"


def test_an_unknown_address_costs_a_verification_too() -> None:
    one = cast()

    with pytest.raises(UnauthorizedError):
        one.auth.login(EMAIL, PASSWORD, ADDRESS)
    assert one.passwords.verified == [(PASSWORD, None)]


def test_a_throttled_attempt_looks_at_no_password() -> None:
    one = cast()
    one.auth.register("Ana", EMAIL, PASSWORD, ADDRESS)
    for _ in range(10):
        with pytest.raises(UnauthorizedError):
            one.auth.login(EMAIL, "wrong", "10.0.0.2")

    with pytest.raises(TooManyAttemptsError) as throttled:
        one.auth.login(EMAIL, PASSWORD, "10.0.0.2")

    assert throttled.value.retry_after == 15 * 60
    assert len(one.passwords.verified) == 10


def test_a_success_leaves_no_attempts() -> None:
    one = cast()
    one.auth.register("Ana", EMAIL, PASSWORD, ADDRESS)

    one.auth.login(EMAIL, PASSWORD, ADDRESS)

    assert set(one.attempts.counts.values()) == {0}
