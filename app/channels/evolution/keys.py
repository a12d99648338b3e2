"""The key of a WhatsApp message: whose it is. And its time, in the forms that JavaScript gives it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.channels.evolution.content import clean
from app.domain.channels import Alias, AliasKind

LONGEST_ID = 200
NOT_CONVERSATIONS = ("@g.us", "@newsletter", "@broadcast")
"""What the ids of groups and the like end in."""

_ALTERNATIVES = ("remoteJid", "remoteJidAlt", "senderPn", "senderLid", "previousRemoteJid")
_FIRST_SECOND = datetime(2009, 1, 1, tzinfo=UTC).timestamp()
"""WhatsApp is no older."""
_LAST_SECOND = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def aliases_of(key: Mapping[str, Any]) -> tuple[Alias, ...]:
    """Everything that a message's key names its contact by."""
    found = [alias_of(clean(key.get(name))) for name in _ALTERNATIVES]
    return tuple(dict.fromkeys(alias for alias in found if alias is not None))


def moment_of(said: Any) -> datetime | None:
    """A time in seconds or milliseconds since 1970, as a number, as digits or as JavaScript's two halves."""
    if isinstance(said, Mapping):
        said = said.get("low") if not said.get("high") else None
    if isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) < 17:
        said = int(said)
    if isinstance(said, bool) or not isinstance(said, (int, float)):
        return None
    seconds = said / 1000 if said > 1e11 else said
    return datetime.fromtimestamp(seconds, UTC) if _FIRST_SECOND <= seconds < _LAST_SECOND else None


def alias_of(jid: str) -> Alias | None:
    """What one of WhatsApp's ids names; the number of a device is no part of it."""
    name, _, server = jid.partition("@")
    digits = name.split(":")[0]
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 30:
        return None
    if server in {"s.whatsapp.net", "c.us"}:
        return Alias(AliasKind.PHONE, digits)
    return Alias(AliasKind.LID, digits) if server == "lid" else None
