"""The ids under which a gateway may deliver one message several times."""

from datetime import datetime, timedelta

from app.domain.chats import Chat
from app.domain.errors import InvalidError
from app.domain.ids import derived_id
from app.services.ports.conversations import Messages

_KEYS_ARE_KEPT = timedelta(days=7)


def keys_of(assistant_id: str, message_id: str | None, idempotency_key: str | None) -> tuple[str, ...]:
    """What deliveries of one message to an assistant have in common; () if the gateway gave it no id."""
    given = (("message_id", message_id), ("idempotency_key", idempotency_key))
    return tuple(derived_id(assistant_id, kind, value) for kind, value in given if value)


def earlier_delivery(messages: Messages, new: Chat, now: datetime) -> Chat | None:
    """The chat that was stored under a key of `new`; None if it has gone since, or is older than 7 days.

    Raises `InvalidError` `idempotency_mismatch` if it was another message.
    """
    earlier = messages.with_key(new.keys)
    if earlier is None:
        return None
    if earlier.created_at < now - _KEYS_ARE_KEPT:
        messages.forget_keys(earlier.id)
        return None
    if earlier.fingerprint != new.fingerprint:
        sentence = "This message id or Idempotency-Key came with another message before."
        raise InvalidError(sentence, code="idempotency_mismatch")
    return earlier
