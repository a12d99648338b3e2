"""Whom an event is about: phone numbers and business-scoped user ids, as Meta gives either or both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.channels.whatsapp_cloud.fields import items, part, text
from app.domain.channels import Alias, AliasKind

_PHONE = re.compile(r"\+?([0-9]{5,20})")
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Ids:
    """What an event names a contact by; the phone number, where there is one, is what answers go to."""

    phone: str | None = None
    user_id: str | None = None
    name: str | None = None

    @property
    def contact(self) -> str:
        return self.phone or self.user_id or ""

    @property
    def aliases(self) -> tuple[Alias, ...]:
        phone = (Alias(AliasKind.PHONE, self.phone),) if self.phone else ()
        return (*phone, Alias(AliasKind.USER_ID, self.user_id)) if self.user_id else phone


class Contacts:
    """The contacts that a change lists beside its items."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._all = [_listed(one) for one in items(value, "contacts") if isinstance(one, dict)]
        self._by_id = {key: one for one in self._all for key in (one.phone, one.user_id) if key}

    def find(self, phone: Any, user_id: Any) -> Ids:
        """Everything known about whom an item names so.

        An item that names nobody is of the only contact listed, where there is only one.
        """
        ids = ids_of(phone, user_id)
        if not ids.contact:
            return self._all[0] if len(self._all) == 1 else ids
        listed = self._by_id.get(ids.phone or "") or self._by_id.get(ids.user_id or "") or Ids()
        return Ids(ids.phone or listed.phone, ids.user_id or listed.user_id, listed.name)


def ids_of(phone: Any, user_id: Any, name: str | None = None) -> Ids:
    """Ids from what may be anything; a user id may also stand where a phone number is expected."""
    found_phone, found_user_id = _phone(phone), _user_id(user_id)
    if found_phone is None and found_user_id is None:
        found_user_id = _user_id(phone)
    return Ids(found_phone, found_user_id, name)


def _listed(contact: Mapping[str, Any]) -> Ids:
    name = text(part(contact, "profile"), "name").strip()[:_LONGEST_NAME]
    return ids_of(contact.get("wa_id"), contact.get("user_id"), name or None)


def _phone(value: Any) -> str | None:
    found = _PHONE.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def _user_id(value: Any) -> str | None:
    return value if isinstance(value, str) and _USER_ID.fullmatch(value) else None
