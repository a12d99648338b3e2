"""Registering and signing in, without a database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from app.domain.errors import ConflictError, ForbiddenError, TooManyAttemptsError, UnauthorizedError
from app.domain.users import User
from app.services.auth import AuthService, RegistrationPolicy
from tests.fakes.clock import FakeClock

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

    def by_email(self, email: str) -> User | None:
        return next((user for user in self.users if user.email.casefold() == email.casefold()), None)


@dataclass
class FakeAttempts:
    """Counters without windows."""

    counts: dict[str, int] = field(default_factory=dict)

    def count(self, key: str, now: datetime, window: timedelta) -> tuple[int, datetime]:
        self.counts[key] = self.counts.get(key, 0) + 1
        return self.counts[key], now + window

    def take_back(self, key: str) -> None:
        self.counts[key] -= 1

    def forget(self, key: str) -> None:
        del self.counts[key]


class PlainPasswords:
    """Passwords that are their own hashes; keeps what was verified against what."""

    def __init__(self) -> None:
        self.verified: list[tuple[str, str | None]] = []

    def hash(self, password: str) -> str:
        return password

    def verify(self, password: str, hashed: str | None) -> bool:
        self.verified.append((password, hashed))
        return password == hashed


@dataclass
class Cast:
    auth: AuthService
    users: FakeUsers
    attempts: FakeAttempts
    passwords: PlainPasswords


def cast(policy: RegistrationPolicy = OPEN) -> Cast:
    users, attempts, passwords = FakeUsers(), FakeAttempts(), PlainPasswords()
    return Cast(AuthService(users, attempts, passwords, FakeClock(), policy), users, attempts, passwords)


def test_the_first_user_administers_and_the_second_does_not() -> None:
    auth = cast().auth

    assert auth.register("Ada", "ada@example.com", PASSWORD).is_admin
    assert not auth.register("Ana", EMAIL, PASSWORD).is_admin


def test_whoever_comes_a_moment_too_late_is_a_user_like_others() -> None:
    one = cast()
    one.users.rival = True

    assert not one.auth.register("Ana", EMAIL, PASSWORD).is_admin
    assert len(one.users.users) == 1


def test_whoever_comes_a_moment_too_late_is_no_user_where_only_one_may_be() -> None:
    one = cast(RegistrationPolicy("first"))
    one.users.rival = True

    with pytest.raises(ForbiddenError):
        one.auth.register("Ana", EMAIL, PASSWORD)
    assert one.users.users == []


def test_settings_name_administrators_for_as_long_as_they_stand_there() -> None:
    one = cast(RegistrationPolicy(admin_emails=("ANA@example.com",)))
    one.auth.register("Ada", "ada@example.com", PASSWORD)
    ana = one.auth.register("Ana", EMAIL, PASSWORD)
    later = AuthService(one.users, one.attempts, one.passwords, FakeClock(), OPEN)

    assert ana.is_admin
    assert one.auth.login(EMAIL, PASSWORD, ADDRESS).is_admin
    found, found_later = one.auth.user(ana.id), later.user(ana.id)
    assert found is not None
    assert found.is_admin
    assert found_later is not None
    assert not found_later.is_admin


def test_an_unknown_address_costs_a_verification_too() -> None:
    one = cast()

    with pytest.raises(UnauthorizedError):
        one.auth.login(EMAIL, PASSWORD, ADDRESS)
    assert one.passwords.verified == [(PASSWORD, None)]


def test_a_throttled_attempt_looks_at_no_password() -> None:
    one = cast()
    one.auth.register("Ana", EMAIL, PASSWORD)
    for _ in range(10):
        with pytest.raises(UnauthorizedError):
            one.auth.login(EMAIL, "wrong", ADDRESS)

    with pytest.raises(TooManyAttemptsError) as throttled:
        one.auth.login(EMAIL, PASSWORD, ADDRESS)

    assert throttled.value.retry_after == 15 * 60
    assert len(one.passwords.verified) == 10


def test_a_success_leaves_no_attempts() -> None:
    one = cast()
    one.auth.register("Ana", EMAIL, PASSWORD)

    one.auth.login(EMAIL, PASSWORD, ADDRESS)

    assert list(one.attempts.counts.values()) == [0]


def test_counters_tell_nobodys_address() -> None:
    one = cast()
    with pytest.raises(UnauthorizedError):
        one.auth.login(EMAIL, PASSWORD, ADDRESS)

    assert len(one.attempts.counts) == 2
    assert not any(EMAIL in key or ADDRESS in key for key in one.attempts.counts)


@pytest.mark.parametrize("user_id", ["", "x", "0" * 24, "../0"])
def test_an_id_of_nobody_is_nobody(user_id: str) -> None:
    assert cast().auth.user(user_id) is None
