"""Whom an event is about: one contact, whatever it is called by."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from app.domain.audit import AuditAction, Place, Target
from app.domain.channels import MESSAGE_SERVICES, AssistantChannel, ChannelEvent, EventKind
from app.domain.contacts import Contact, address_of, alias_key
from app.domain.conversations import Channel, conversation_id_of
from app.domain.errors import ConflictError, UnavailableError
from app.domain.ids import new_id
from app.services.audit import AuditLog
from app.services.ports import Clock
from app.services.ports.contacts import ContactRows

# A lost race means that another event of the same contact went through.
_ATTEMPTS = 50
_MOST_ALIASES = 10
_MOST_KEYS = 100
_LONGEST_NAME = 200
# An echo has the business' own name, a status none.
_NAMING = frozenset({EventKind.MESSAGE, EventKind.STANDBY})

_log = logging.getLogger(__name__)


class Identity:
    """Finds contacts by their aliases; makes, extends and merges them. Names of people decide nothing.

    `on_merge` is called with a contact and the one it is about to be merged into, again after a crash.
    """

    def __init__(
        self,
        contacts: ContactRows,
        audit: AuditLog,
        clock: Clock,
        on_merge: Callable[[Contact, Contact], None] = lambda left, kept: None,
    ) -> None:
        self._contacts = contacts
        self._audit = audit
        self._clock = clock
        self._on_merge = on_merge

    def contact_of(self, channel: AssistantChannel, event: ChannelEvent) -> Contact:
        """The contact of an event, which has all its aliases from now on.

        Those that several contacts had are merged: the oldest one stays, and with it its conversation. Raises
        `ValueError` for an event without aliases, `UnavailableError` while too many others are about the same.
        """
        keys = tuple(dict.fromkeys(alias_key(one, channel.id) for one in event.aliases[:_MOST_ALIASES]))
        if not keys:
            raise ValueError("The event names no contact.")
        for _ in range(_ATTEMPTS):
            holders = self._holders(channel.assistant_id, keys)
            unknown = [key for key in keys if not any(key in one.keys for one in holders)]
            standing = sorted(
                {one.id: one for one in map(self._standing, holders)}.values(), key=lambda one: one.id
            )
            contact = (
                self._joined(channel, standing, unknown, _name_of(event))
                if standing
                else self._added(channel, event, keys)
            )
            if contact:
                return contact
        raise UnavailableError("Too many events are about the same contact.")

    def _holders(self, assistant_id: str, keys: Iterable[str]) -> list[Contact]:
        """Those that have any of the keys, merged ones too; mostly one that has them all, for one query."""
        holders: list[Contact] = []
        for key in keys:
            if not any(key in one.keys for one in holders) and (
                found := self._contacts.with_key(assistant_id, key)
            ):
                holders.append(found)
        return holders

    def _standing(self, contact: Contact) -> Contact:
        """The contact that this one is now. It is merged into older ones only, so that the way comes to an end."""
        while contact.merged_into:
            into = self._contacts.by_id(contact.merged_into)
            if into is None:  # it was erased while this one was merged into it
                self._contacts.separate(contact)
                return replace(contact, merged_into=None)
            contact = into
        return contact

    def _added(self, channel: AssistantChannel, event: ChannelEvent, keys: tuple[str, ...]) -> Contact | None:
        """A new contact; None if another process has made it."""
        address = address_of(event.aliases)
        conversation = Channel(address, MESSAGE_SERVICES[channel.kind])
        contact = Contact(
            id=new_id(),
            assistant_id=channel.assistant_id,
            owner_id=channel.owner_id,
            name=_name_of(event),
            address=address,
            conversation_id=conversation_id_of(channel.assistant_id, conversation),
            created_at=self._clock(),
            keys=keys,
        )
        return contact if self._contacts.add(contact) else None

    def _joined(
        self, channel: AssistantChannel, standing: Sequence[Contact], unknown: Sequence[str], name: str | None
    ) -> Contact | None:
        """The oldest of the contacts, with all that is known now; None if somebody else has changed any of them."""
        oldest, *younger = standing
        if not all(self._merged(channel, one, oldest) for one in younger):
            return None
        if len(oldest.keys) + len(unknown) > _MOST_KEYS:
            _log.warning("contact %s: more aliases than %d are not kept", oldest.id, _MOST_KEYS)
            unknown = ()
        name = name or oldest.name
        if not unknown and name == oldest.name:
            return oldest
        if not self._contacts.extend(oldest.id, unknown, name):
            return None
        return replace(oldest, keys=(*oldest.keys, *unknown), name=name)

    def _merged(self, channel: AssistantChannel, younger: Contact, older: Contact) -> bool:
        """Merge two contacts that are one; False if another process did so with the younger one, or erased it."""
        place = Place(channel.assistant_id, channel.owner_id)
        before, after = {"merged_into": None}, {"merged_into": older.id}
        self._on_merge(younger, older)
        try:
            target = Target("contact", younger.id)
            with self._audit.change(None, AuditAction.CONTACT_MERGED, target, place, before=before, after=after):
                if not self._contacts.merge(younger.id, older.id):
                    raise ConflictError("The contact is merged already.", code="contact_merged")
        except ConflictError:
            return False
        return True


def _name_of(event: ChannelEvent) -> str | None:
    """What the contact calls themselves, if the event says, as the database can keep it."""
    if event.kind not in _NAMING or not event.name:
        return None
    printable = event.name.replace("\x00", "").encode(errors="replace").decode()
    return printable.strip()[:_LONGEST_NAME] or None
