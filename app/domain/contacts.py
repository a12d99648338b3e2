"""Contacts: the customers of an assistant, and everything that names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.channels import Alias, AliasKind

_BRAZIL = "55"
_NINTH_DIGIT = "9"
# Behind country and area: mobile numbers began with these before they got a ninth digit, landlines never do.
_MOBILE = frozenset("6789")
_WITHOUT_NINTH = 12


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer of an assistant.

    `address` is the id that its conversation has at the message service, `conversation_id` that conversation's own.
    `keys` are the names it came by, as `alias_key` gives them. `merged_into` is the contact which it turned out to
    be; that one's names are then its own `keys` and those of all that were merged into it, which `has_merged` says
    that there are.
    """

    id: str
    assistant_id: str
    owner_id: str
    name: str | None
    address: str
    conversation_id: str
    created_at: datetime
    keys: tuple[str, ...] = ()
    merged_into: str | None = None
    has_merged: bool = False


def brazilian_forms(phone: str) -> tuple[str, ...]:
    """The forms in which the same number is written, with the ninth digit first; one where there is no other.

    `phone` is digits with a country code. Brazil's mobile numbers got a ninth digit in front, and WhatsApp knows
    older accounts without it: `55`, an area from 11 to 99, and 8 digits from 6 on. Landlines begin with 2 to 5.
    """
    area, number = phone[2:4], phone[4:]
    if not (phone.isascii() and phone.isdecimal() and phone.startswith(_BRAZIL) and "11" <= area <= "99"):
        return (phone,)
    if len(phone) == _WITHOUT_NINTH + 1 and number[0] == _NINTH_DIGIT:
        number = number[1:]
    if len(number) != _WITHOUT_NINTH - 4 or number[0] not in _MOBILE:
        return (phone,)
    return (f"{_BRAZIL}{area}{_NINTH_DIGIT}{number}", f"{_BRAZIL}{area}{number}")


def alias_key(alias: Alias, channel_id: str) -> str:
    """What an alias is found by within its assistant: the same for all forms of a phone number.

    A phone number is the same in all channels of an assistant, any other alias means something in its own only.
    """
    if alias.kind is AliasKind.PHONE:
        return f"{alias.kind}:{brazilian_forms(alias.value)[0]}"
    return f"{alias.kind}:{channel_id}:{alias.value}"


def alias_of_key(key: str) -> tuple[Alias, str | None]:
    """The alias of a key as `alias_key` gives it, and the channel in which it means something, if in one only."""
    kind, _, value = key.partition(":")
    if kind == AliasKind.PHONE:
        return Alias(AliasKind.PHONE, value), None
    channel_id, _, value = value.partition(":")
    return Alias(AliasKind(kind), value), channel_id


def addresses_of(alias: Alias) -> tuple[str, ...]:
    """All that a conversation may be called whose contact came by this alias."""
    if alias.kind is AliasKind.PHONE:
        return tuple(f"+{one}" for one in brazilian_forms(alias.value))
    return (address_of([alias]),)


def address_of(aliases: Sequence[Alias]) -> str:
    """What a new contact's conversation is called: its phone number as gateways write it, else its first alias."""
    phones = [one for one in aliases if one.kind is AliasKind.PHONE]
    alias = [*phones, *aliases][0]
    return f"+{alias.value}" if alias.kind is AliasKind.PHONE else f"{alias.kind}:{alias.value}"
