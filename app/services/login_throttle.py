"""Slows those down who guess passwords, and never the owner of an account at an address they use.

Failures are counted in windows of 15 minutes: of an account at one address (10), of one address (50), and of an
account wherever they come from (100). Who is over a limit is refused, and the password is not looked at. An owner
at an address they signed in from is the exception (compare OWASP, "Slow Down Online Guessing Attacks with Device
Cookies"): the right password is taken there, whatever these counters say. So that the time of an answer does not
tell whether an account exists, the password of an attempt over a limit is looked at for every account, if anybody
has signed in from the address.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta

from app.domain.client_addresses import client_network
from app.domain.errors import TooManyAttemptsError
from app.services.ports import Clock
from app.services.ports.accounts import LoginAttempts, UsualAddresses

_WINDOW = timedelta(minutes=15)
_PER_ACCOUNT_AND_ADDRESS = 10
_PER_ADDRESS = 50
_PER_ACCOUNT = 100
# Bounds what somebody at the owner's own address can guess, and what that costs; far more than people's mistakes.
_USUAL_WINDOW = timedelta(hours=1)
_PER_USUAL_ADDRESS = 1000
_REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted. Over a limit (`wait` seconds, else 0) it succeeds at a usual address only."""

    account: str
    address: str
    account_at_address: str
    wait: int
    is_usual: bool


class LoginThrottle:
    """Counts attempts before the password is looked at, so that a thousand at once are not a thousand guesses."""

    def __init__(self, attempts: LoginAttempts, usual: UsualAddresses, clock: Clock) -> None:
        self._attempts = attempts
        self._usual = usual
        self._clock = clock

    def begin(self, email: str, address: str) -> Attempt:
        """Count one attempt; raises `TooManyAttemptsError` where its password may not be looked at."""
        account, network = _account_key(email), _address_key(address)
        pair = _pair_key(email, address)
        limits = ((network, _PER_ADDRESS), (pair, _PER_ACCOUNT_AND_ADDRESS), (account, _PER_ACCOUNT))
        wait = next((wait for key, most in limits if (wait := self._count(key, most, _WINDOW))), 0)
        if not wait:
            return Attempt(account, network, pair, 0, is_usual=False)
        known = self._usual.among((pair, network), self._clock())
        if not known:
            raise _too_many(wait)
        if longer := self._count(f"usual:{network}", _PER_USUAL_ADDRESS, _USUAL_WINDOW):
            raise _too_many(longer)
        return Attempt(account, network, pair, wait, is_usual=pair in known)

    def settle(self, attempt: Attempt, user_id: str | None) -> bool:
        """Whether the attempt has succeeded; `user_id` is whose password it was (None: it was wrong).

        Raises `TooManyAttemptsError` for one over a limit that has not.
        """
        if user_id is None or (attempt.wait and not attempt.is_usual):
            if attempt.wait:
                raise _too_many(attempt.wait)
            return False
        self._attempts.forget(attempt.account_at_address)
        self._attempts.take_back(attempt.address)
        self._attempts.take_back(attempt.account)
        self._remember(attempt.account_at_address, attempt.address, user_id)
        return True

    def remember(self, email: str, address: str, user_id: str) -> None:
        """From now on, this is an address that the account's owner uses."""
        self._remember(_pair_key(email, address), _address_key(address), user_id)

    def forget_user(self, user_id: str) -> None:
        """Forget which addresses an account's owner used."""
        self._usual.forget_user(user_id)

    def _remember(self, pair: str, network: str, user_id: str) -> None:
        until = self._clock() + _REMEMBERED
        self._usual.remember(network, until)
        self._usual.remember(pair, until, user_id)

    def _count(self, key: str, most: int, window: timedelta) -> int:
        """The seconds to wait: 0 within the limit."""
        now = self._clock()
        count, until = self._attempts.count(key, now, window)
        return max(1, math.ceil((until - now).total_seconds())) if count > most else 0


def _too_many(wait: int) -> TooManyAttemptsError:
    return TooManyAttemptsError("Too many failed attempts to sign in; try again later.", wait)


def _account_key(email: str) -> str:
    return f"account:{_digest(email.casefold())}"


def _address_key(address: str) -> str:
    return f"address:{_digest(client_network(address))}"


def _pair_key(email: str, address: str) -> str:
    return f"account-at:{_digest(f'{client_network(address)} {email.casefold()}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
