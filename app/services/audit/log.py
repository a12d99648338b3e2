"""Writes the audit: an entry before each change, and what became of it afterwards.

docs/decisions/audit.md says why it is not one transaction.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.domain.audit import (
    Actor,
    ActorKind,
    AuditAction,
    AuditEntry,
    AuditOutcome,
    Origin,
    Place,
    Target,
)
from app.domain.callers import Caller, KeyHolder
from app.domain.client_addresses import client_network
from app.domain.errors import OrquestradoraError, UnavailableError
from app.domain.ids import first_id_at, new_id
from app.domain.users import User
from app.services.ports import Clock
from app.services.ports.audit import AuditRows

_log = logging.getLogger(__name__)

_SERVICE = Actor(ActorKind.SERVICE)
_LONGEST_TEXT = 500


@dataclass(slots=True)
class Change:
    """A change under way: what is known of it only once it is made can be put here."""

    id: str
    target: Target | None = None
    after: Mapping[str, Any] | None = None


class AuditLog:
    """Keeps who did what; `origin` tells where the request of the moment came from."""

    def __init__(self, rows: AuditRows, clock: Clock, origin: Callable[[], Origin]) -> None:
        self._rows = rows
        self._clock = clock
        self._origin = origin

    @contextmanager
    def change(
        self,
        by: Caller | None,
        action: AuditAction,
        target: Target | None = None,
        place: Place | None = None,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> Iterator[Change]:
        """What happens within this is written down first; where that fails, nothing happens.

        `by` None: the service itself. An error of ours says that nothing was changed; after any other one it is not
        known.
        """
        entry = self._entry(by, action, target, place)
        began = replace(entry, outcome=AuditOutcome.BEGUN, before=_storable(before), after=_storable(after))
        self._rows.add(began)
        change = Change(entry.id, target, after)
        try:
            yield change
        except UnavailableError:
            raise
        except OrquestradoraError as error:
            self._end(change, AuditOutcome.REFUSED, error.code)
            raise
        self._end(change, AuditOutcome.DONE)

    def record(
        self, by: Caller | None, action: AuditAction, target: Target | None = None, place: Place | None = None
    ) -> None:
        """Write down what changes nothing that is stored, before it happens: a sign-in, an export."""
        self._rows.add(self._entry(by, action, target, place))

    def failed_login(self, user: User | None) -> None:
        """Somebody could not sign in to an account (None: one that does not exist).

        Of one account and address the failures of an hour are one entry, so that guessing does not fill the audit.
        """
        now, origin = self._clock(), self._origin()
        hour = now.replace(minute=0, second=0, microsecond=0)
        account = user.id if user else None
        told_apart = f"{account}\x00{client_network(origin.address or '')}"
        entry = AuditEntry(
            id=first_id_at(hour)[:8] + sha256(told_apart.encode()).hexdigest()[:16],
            at=now,
            action=AuditAction.LOGIN_FAILED,
            outcome=AuditOutcome.REFUSED,
            actor=Actor(ActorKind.UNKNOWN),
            origin=origin,
            target=target_user(user) if user else None,
            user_id=account,
            code="invalid_credentials",
            last_at=now,
        )
        self._rows.count(entry)

    def _entry(
        self, by: Caller | None, action: AuditAction, target: Target | None, place: Place | None
    ) -> AuditEntry:
        return AuditEntry(
            id=new_id(),
            at=self._clock(),
            action=action,
            outcome=AuditOutcome.DONE,
            actor=_actor(by),
            origin=self._origin() if by else Origin(),
            place=place,
            target=_storable_target(target),
            user_id=by.id if isinstance(by, User) else None,
        )

    def _end(self, change: Change, outcome: AuditOutcome, code: str | None = None) -> None:
        """The change is made by now, and no request fails because this could not be written."""
        try:
            self._rows.end(change.id, outcome, _storable_target(change.target), _storable(change.after), code)
        except Exception:
            _log.exception("What became of a change could not be written into the audit")


def target_user(user: User) -> Target:
    """A user as a target."""
    return Target("user", user.id, user.email)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two states of the same fields those that differ."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in changed}, {name: after[name] for name in changed}


def _actor(by: Caller | None) -> Actor:
    if by is None:
        return _SERVICE
    if isinstance(by, KeyHolder):
        return Actor(ActorKind.KEY, by.id, by.name)
    return Actor(ActorKind.USER, by.id, by.name, by.email)


def _storable(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """What JSON and the database both have; long texts are cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return _text(str(value))


def _text(text: str) -> str:
    """Without lone surrogates, which files' names may have."""
    cut = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
    return cut.encode(errors="replace").decode()


def _storable_target(target: Target | None) -> Target | None:
    return target and replace(target, name=target.name and _text(target.name))
