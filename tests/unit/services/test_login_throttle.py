"""Slowing down those who guess passwords."""

from dataclasses import dataclass, field

from app.domain.errors import TooManyAttemptsError
from app.services.login_throttle import LoginThrottle
from tests.fakes.clock import FakeClock
from tests.fakes.sign_in import FakeAttempts, FakeUsualAddresses

EMAIL, HOME, ELSEWHERE = "ana@example.com", "10.0.0.1", "10.0.0.2"
USER_ID = "6561f0c2a1b2c3d4e5f60718"


@dataclass
class Login:
    """A throttle, and what it keeps."""

    attempts: FakeAttempts = field(default_factory=FakeAttempts)
    usual: FakeUsualAddresses = field(default_factory=FakeUsualAddresses)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.throttle = LoginThrottle(self.attempts, self.usual, self.clock)

    def succeeds(self, email: str = EMAIL, address: str = HOME, *, right: bool = True) -> bool:
        """Whether an attempt does; raises `TooManyAttemptsError`."""
        attempt = self.throttle.begin(email, address)
        return self.throttle.settle(attempt, USER_ID if right else None)

    def is_refused(self, email: str = EMAIL, address: str = HOME, *, right: bool = True) -> bool:
        try:
            self.succeeds(email, address, right=right)
        except TooManyAttemptsError as refused:
            return 0 < refused.retry_after <= 3600
        return False

    def is_looked_at(self, email: str, address: str) -> bool:
        """Whether the password of an attempt is."""
        try:
            self.throttle.begin(email, address)
        except TooManyAttemptsError:
            return False
        return True

    def fail(self, times: int, email: str = EMAIL, address: str = ELSEWHERE) -> None:
        for _ in range(times):
            self.is_refused(email, address, right=False)


def test_ten_failures_of_an_account_at_an_address_are_let_by() -> None:
    login = Login()

    assert [login.succeeds(right=False) for _ in range(10)] == [False] * 10
    assert login.is_refused(right=False)
    assert login.is_refused()
    assert login.succeeds(address=ELSEWHERE)


def test_an_address_is_counted_for_all_accounts() -> None:
    login = Login()
    for number in range(50):
        login.fail(1, f"{number}@example.com")

    assert login.is_refused(address=ELSEWHERE)
    assert login.succeeds(address=HOME)


def test_an_account_is_counted_at_all_addresses() -> None:
    login = Login()
    for number in range(100):
        login.fail(1, address=f"10.1.0.{number}")

    assert login.is_refused(address=ELSEWHERE)
    assert login.is_refused(EMAIL.upper(), ELSEWHERE)
    assert login.succeeds("bruno@example.com", ELSEWHERE)


def test_the_owner_is_let_in_at_an_address_they_use_whoever_guesses_from_wherever() -> None:
    login = Login()
    assert login.succeeds()
    for number in range(1000):
        login.fail(10, address=f"10.{number // 250}.1.{number % 250}")
    login.fail(200, address=HOME)

    assert login.succeeds()
    login.fail(10, address=HOME)
    assert login.is_refused(right=False)
    assert login.is_refused(address=ELSEWHERE)


def test_an_address_is_the_owners_from_registering_on() -> None:
    login = Login()
    login.throttle.remember(EMAIL, HOME, USER_ID)
    login.fail(11, address=HOME)

    assert login.succeeds()


def test_an_address_is_the_owners_for_90_days() -> None:
    login = Login()
    assert login.succeeds()
    login.clock.advance(days=91)
    login.fail(10, address=HOME)

    assert login.is_refused()


def test_an_address_of_one_account_is_not_another_accounts() -> None:
    login = Login()
    assert login.succeeds("bruno@example.com")
    login.fail(10, address=HOME)

    assert login.is_refused()


def test_guesses_from_the_owners_own_address_end_too() -> None:
    login = Login()
    assert login.succeeds()
    login.fail(1020, address=HOME)

    assert login.is_refused()


def test_an_unknown_account_is_treated_as_a_known_one_at_every_address() -> None:
    """Looking at a password takes long: that must not tell the two apart."""
    login = Login()
    assert login.succeeds()
    unknown = "nobody@example.com"

    for address in (HOME, ELSEWHERE):
        for _ in range(15):
            assert login.is_looked_at(EMAIL, address) == login.is_looked_at(unknown, address)


def test_neighbours_in_an_ipv6_network_are_one_address() -> None:
    login = Login()
    for number in range(10):
        login.fail(1, address=f"2001:db8:0:1::{number:x}")

    assert login.is_refused(address="2001:db8:0:1:ffff::")
    assert login.succeeds(address="2001:db8:0:2::1")


def test_counters_tell_nobodys_address() -> None:
    login = Login()
    login.throttle.remember(EMAIL, HOME, USER_ID)
    login.fail(1, address=HOME)

    keys = [*login.attempts.counts, *login.usual.keys]
    assert len(keys) == 5
    assert not any(EMAIL in key or HOME in key for key in keys)


def test_a_users_addresses_can_be_forgotten() -> None:
    login = Login()
    assert login.succeeds()
    login.throttle.forget_user(USER_ID)
    login.fail(10, address=HOME)

    assert login.is_refused()
