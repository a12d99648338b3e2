"""Links with which people who forgot their password choose a new one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import InvalidError, TooManyAttemptsError
from app.domain.users import User
from app.services.login_throttle import LoginThrottle
from app.services.password_resets import PasswordReset, PasswordResets
from tests.fakes.audit import audit_of_tests
from tests.fakes.clock import FakeClock
from tests.fakes.sign_in import FakeAttempts, FakeUsualAddresses, PlainPasswords

THEN = datetime(2026, 1, 1, tzinfo=UTC)
ANA = User(
    "6561f0c2a1b2c3d4e5f60718",
    "Ana",
    "ana@example.com",
    "a senha esquecida",
    False,
    datetime(2026, 1, 1, tzinfo=UTC),
)
NEW, HOME = "uma senha nova", "10.0.0.1"


class FakeResetTokens:
    """The tokens of one user; `used`: somebody else uses them at the last moment."""

    def __init__(self) -> None:
        self.user = ANA
        self.tokens: dict[str, datetime] = {}
        self.used = False

    def add(self, user_id: str, token_hash: str, expires_at: datetime) -> None:
        assert user_id == self.user.id
        self.tokens[token_hash] = expires_at

    def user_of(self, user_id: str, token_hash: str, now: datetime) -> User | None:
        is_good = token_hash in self.tokens and self.tokens[token_hash] > now
        return self.user if user_id == self.user.id and is_good else None

    def use(self, user_id: str, token_hash: str, now: datetime, password_hash: str) -> bool:
        if self.used or self.user_of(user_id, token_hash, now) is None:
            return False
        self.tokens.clear()
        self.user = replace(self.user, password_hash=password_hash)
        return True


class Desk:
    """Where passwords are reset."""

    def __init__(self) -> None:
        self.tokens, self.clock = FakeResetTokens(), FakeClock()
        self.throttle = LoginThrottle(FakeAttempts(), FakeUsualAddresses(), self.clock)
        self.resets = PasswordResets(self.tokens, PlainPasswords(), self.throttle, self.clock, audit_of_tests())

    def assert_refused(self, token: str, password: str = NEW, field: str = "token") -> None:
        with pytest.raises(InvalidError) as refused:
            self.resets.reset(token, password, HOME)
        assert list(refused.value.fields) == [field]


def test_a_token_gives_its_user_a_new_password_once() -> None:
    desk = Desk()
    token = desk.resets.make(ANA).token

    desk.resets.reset(token, NEW, HOME)

    assert desk.tokens.user.password_hash == NEW
    desk.assert_refused(token)


def test_a_token_is_good_for_an_hour() -> None:
    desk = Desk()
    reset = desk.resets.make(ANA)
    assert timedelta(minutes=59) < reset.expires_at - desk.clock() <= timedelta(hours=1)
    desk.clock.advance(hours=1, seconds=1)

    desk.assert_refused(reset.token)


def test_no_token_is_kept_as_it_is() -> None:
    desk = Desk()
    token = desk.resets.make(ANA).token

    assert len(token) > 60
    assert not any(token[24:] in kept for kept in desk.tokens.tokens)


@pytest.mark.parametrize("token", ["", "x", "x" * 200, ANA.id, ANA.id + "x" * 43, "f" * 24 + "x" * 43, "é" * 67])
def test_rubbish_is_refused(token: str) -> None:
    desk = Desk()
    desk.resets.make(ANA)

    desk.assert_refused(token)


def test_a_refused_password_leaves_the_token_good() -> None:
    desk = Desk()
    token = desk.resets.make(ANA).token
    desk.assert_refused(token, "ana@example.com", "password")

    desk.resets.reset(token, NEW, HOME)


def test_of_two_at_once_one_gets_the_password() -> None:
    desk = Desk()
    token = desk.resets.make(ANA).token
    desk.tokens.used = True

    desk.assert_refused(token)


def test_whoever_got_the_link_may_sign_in_from_there() -> None:
    desk = Desk()
    desk.resets.reset(desk.resets.make(ANA).token, NEW, HOME)
    for _ in range(10):
        desk.throttle.begin(ANA.email, HOME)

    assert desk.throttle.settle(desk.throttle.begin(ANA.email, HOME), ANA.id)


def test_whoever_signed_in_before_is_at_no_usual_address_any_more() -> None:
    desk, elsewhere = Desk(), "10.0.0.2"
    desk.throttle.remember(ANA.email, elsewhere, ANA.id)
    desk.resets.reset(desk.resets.make(ANA).token, NEW, HOME)
    for _ in range(10):
        desk.throttle.begin(ANA.email, elsewhere)

    with pytest.raises(TooManyAttemptsError):
        desk.throttle.settle(desk.throttle.begin(ANA.email, elsewhere), ANA.id)


@pytest.mark.parametrize("base", ["https://api.example.com", "https://api.example.com/"])
def test_a_link_keeps_its_token_out_of_logs(base: str) -> None:
    link = PasswordReset("abc", THEN).link(base)

    assert link == "https://api.example.com/painel/#/redefinir-senha/abc"
