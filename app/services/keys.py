"""The keys of assistants: made, shown, replaced and deleted by owners, and taken from programs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller, KeyHolder
from app.domain.errors import ConflictError, InvalidError, NotFoundError, UnauthorizedError
from app.domain.ids import new_id
from app.domain.keys import ApiKey, prefix_of, with_key_added, with_key_replaced
from app.domain.permissions import Action, Scope
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.ports import Clock
from app.services.ports.accounts import Keys, Vault

_USE_IS_KEPT_EVERY = timedelta(minutes=1)
_TRIES = 10

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """What a new key is to be; see `ApiKey`."""

    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None = None
    per_minute: int | None = None


class KeyService:
    """Keys of assistants."""

    def __init__(self, access: Access, keys: Keys, vault: Vault, clock: Clock, audit: AuditLog) -> None:
        self._access = access
        self._keys = keys
        self._vault = vault
        self._clock = clock
        self._audit = audit

    def holder(self, api_key: str) -> tuple[Assistant, KeyHolder]:
        """The assistant a program speaks for, without its members; raises `UnauthorizedError` `invalid_api_key`."""
        found = self._keys.holder_of(api_key) if api_key else None
        now = self._clock()
        if found is None or not found[1].is_good(now):
            sentence = "The API key (X-API-Key) is missing, wrong or expired."
            raise UnauthorizedError(sentence, code="invalid_api_key", challenge="ApiKey")
        assistant, key = found
        if key.last_used_at is None or now - key.last_used_at >= _USE_IS_KEPT_EVERY:
            self._keep_use(assistant, key, now)
        return assistant, KeyHolder(key.id, key.name, assistant.id, key.scopes, key.per_minute)

    def all(self, caller: Caller, assistant_id: str) -> tuple[ApiKey, ...]:
        """The keys of an assistant, oldest first; raises `NotFoundError`, `ForbiddenError`."""
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_KEYS)
        return self._keys.of_assistant(assistant.id)[0]

    def create(self, caller: Caller, assistant_id: str, request: KeyRequest) -> tuple[ApiKey, str]:
        """A new key, and its secret, which is stored nowhere.

        Raises `NotFoundError`, `ForbiddenError`, `InvalidError`, `ConflictError` `too_many_keys`.
        """
        assistant, now = self._access.assistant(caller, assistant_id, Action.MANAGE_KEYS), self._clock()
        if request.expires_at is not None and request.expires_at <= now:
            raise InvalidError("The key would have expired already.", {"expires_at": ["Must be in the future."]})
        new, secret = self._new(request)
        target, place = _target(new), Place.of(assistant)
        with self._audit.change(caller, AuditAction.KEY_CREATE, target, place, after=_shown(new)):
            self._change(assistant.id, lambda keys: (with_key_added(keys, new, now), None))
        return new, secret

    def rotate(self, caller: Caller, assistant_id: str, key_id: str | None, grace: timedelta) -> tuple[ApiKey, str]:
        """A new key in the place of one (None: the assistant's `api_key`), which is good for `grace` yet.

        Raises `NotFoundError`, `ForbiddenError`, `ConflictError` `too_many_keys`.
        """
        assistant, now = self._access.assistant(caller, assistant_id, Action.MANAGE_KEYS), self._clock()
        secret = self._vault.create()
        made: list[ApiKey] = []

        def rotated(keys: tuple[ApiKey, ...]) -> tuple[tuple[ApiKey, ...], str | None]:
            old = _chosen(keys, key_id, now)
            request = KeyRequest(old.name, old.scopes, old.expires_at, old.per_minute)
            now_there = with_key_replaced(keys, old, self._made(request, secret), grace, now)
            made[:] = now_there[-1:]
            return now_there, secret if old.is_first else None

        rotating = _chosen(self._keys.of_assistant(assistant.id)[0], key_id, now)
        target, before = _target(rotating), _shown(rotating)
        with self._audit.change(
            caller, AuditAction.KEY_ROTATE, target, Place.of(assistant), before=before
        ) as change:
            self._change(assistant.id, rotated)
            change.after = {**_shown(made[0]), "key_id": made[0].id, "grace_hours": grace / timedelta(hours=1)}
        return made[0], secret

    def delete(self, caller: Caller, assistant_id: str, key_id: str) -> None:
        """End a key at once; raises `NotFoundError`, `ForbiddenError`."""
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_KEYS)

        def without(keys: tuple[ApiKey, ...]) -> tuple[tuple[ApiKey, ...], str | None]:
            gone = _chosen(keys, key_id)
            return tuple(key for key in keys if key.id != key_id), "" if gone.is_first else None

        deleted = _chosen(self._keys.of_assistant(assistant.id)[0], key_id)
        target, before = _target(deleted), _shown(deleted)
        with self._audit.change(caller, AuditAction.KEY_DELETE, target, Place.of(assistant), before=before):
            self._change(assistant.id, without)

    def _change(
        self,
        assistant_id: str,
        change: Callable[[tuple[ApiKey, ...]], tuple[tuple[ApiKey, ...], str | None]],
    ) -> None:
        """Replace the keys by what `change` makes of them, as often as others change them in between."""
        for _ in range(_TRIES):
            keys, version = self._keys.of_assistant(assistant_id)
            changed, first_secret = change(keys)
            if self._keys.replace(assistant_id, changed, version, first_secret):
                return
        raise ConflictError("Others are changing these keys; please try again.", code="conflict")

    def _new(self, request: KeyRequest) -> tuple[ApiKey, str]:
        secret = self._vault.create()
        return self._made(request, secret), secret

    def _made(self, request: KeyRequest, secret: str) -> ApiKey:
        return ApiKey(
            id=new_id(),
            name=request.name,
            hash=self._vault.hash(secret),
            prefix=prefix_of(secret),
            scopes=request.scopes,
            created_at=self._clock(),
            expires_at=request.expires_at,
            per_minute=request.per_minute,
        )

    def _keep_use(self, assistant: Assistant, key: ApiKey, now: datetime) -> None:
        """No request fails because this could not be written."""
        try:
            self._keys.used(assistant.id, key, now)
        except Exception:
            _log.exception("When a key was last used could not be written")


def _target(key: ApiKey) -> Target:
    return Target("key", key.id, key.name)


def _shown(key: ApiKey) -> dict[str, Any]:
    """What the audit may know of a key."""
    scopes = sorted(key.scopes)
    return {"prefix": key.prefix, "scopes": scopes, "expires_at": key.expires_at, "per_minute": key.per_minute}


def _chosen(keys: tuple[ApiKey, ...], key_id: str | None, good_at: datetime | None = None) -> ApiKey:
    for key in keys:
        is_meant = key.is_first if key_id is None else key.id == key_id
        if is_meant and (good_at is None or key.is_good(good_at)):
            return key
    raise NotFoundError("key")
