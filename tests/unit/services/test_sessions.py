"""Who a token speaks of."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.errors import InvalidError
from app.domain.users import Token, User
from app.services.administrators import NamedAdministrators
from app.services.login_throttle import LoginThrottle
from app.services.sessions import Sessions
from tests.fakes.audit import audit_of_tests
from tests.fakes.clock import FakeClock
from tests.fakes.sign_in import FakeAttempts, FakeUsualAddresses, PlainPasswords

LATER = datetime(2100, 1, 1, tzinfo=UTC)
ANA = User("6561f0c2a1b2c3d4e5f60718", "Ana", "ana@example.com", "uma senha comprida", False, LATER)
HOME = "10.0.0.1"


class FakeTokens:
    """One user; `changed`: somebody else changes their password at the last moment."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.signed_out: set[str] = set()
        self.changed = False

    def user_of(self, token: Token) -> User | None:
        return self.user if token.user_id == self.user.id and token.id not in self.signed_out else None

    def sign_out(self, token: Token, now: datetime) -> None:
        self.signed_out.add(token.id)

    def change_password(self, user: User, password_hash: str, kept_token: str | None) -> bool:
        if self.changed:
            return False
        generation = user.token_generation + 1
        self.user = replace(user, password_hash=password_hash, kept_token=kept_token, token_generation=generation)
        return True


def sessions_of(tokens: FakeTokens, *administrators: str) -> Sessions:
    throttle = LoginThrottle(FakeAttempts(), FakeUsualAddresses(), FakeClock())
    return Sessions(
        tokens, PlainPasswords(), throttle, NamedAdministrators(administrators), FakeClock(), audit=audit_of_tests()
    )


def token(identifier: str = "1", generation: int = 0, user_id: str = ANA.id) -> Token:
    return Token(identifier, user_id, generation, LATER)


def test_a_token_speaks_of_its_user() -> None:
    assert sessions_of(FakeTokens(ANA)).user(token()) == ANA


@pytest.mark.parametrize("user_id", ["", "x", "0" * 24, "../0", "f" * 24])
def test_an_id_of_nobody_is_nobody(user_id: str) -> None:
    assert sessions_of(FakeTokens(ANA)).user(token(user_id=user_id)) is None


def test_settings_name_administrators() -> None:
    found = sessions_of(FakeTokens(ANA), "ANA@example.com").user(token())

    assert found is not None
    assert found.is_admin


def test_a_blocked_user_has_no_token() -> None:
    assert sessions_of(FakeTokens(replace(ANA, blocked=True))).user(token()) is None


def test_a_token_that_was_signed_out_is_nobodys_and_others_are_not_touched() -> None:
    sessions = sessions_of(FakeTokens(ANA))

    sessions.sign_out(ANA, token("1"))

    assert sessions.user(token("1")) is None
    assert sessions.user(token("2")) is not None


def test_a_new_password_ends_all_tokens_but_the_one_that_chose_it() -> None:
    tokens = FakeTokens(ANA)
    sessions = sessions_of(tokens)

    sessions.change_password(ANA, token("1"), ANA.password_hash, "outra senha comprida", HOME)

    assert sessions.user(token("1")) is not None
    assert sessions.user(token("2")) is None
    assert sessions.user(token("3", generation=1)) is not None
    assert tokens.user.password_hash == "outra senha comprida"


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("wrong", "outra senha comprida", "current_password"),
        (ANA.password_hash, ANA.email, "new_password"),
        ("wrong", "12345678", "new_password"),
    ],
)
def test_what_is_wrong_is_named(current: str, new: str, field: str) -> None:
    tokens = FakeTokens(ANA)

    with pytest.raises(InvalidError) as refused:
        sessions_of(tokens).change_password(ANA, token(), current, new, HOME)
    assert list(refused.value.fields) == [field]
    assert tokens.user == ANA


def test_of_two_changes_at_once_one_is_made() -> None:
    tokens = FakeTokens(ANA)
    tokens.changed = True

    with pytest.raises(InvalidError):
        sessions_of(tokens).change_password(ANA, token(), ANA.password_hash, "outra senha comprida", HOME)
