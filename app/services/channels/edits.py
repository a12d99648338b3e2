"""Contacts who edit or take back what they wrote: the record follows, and nothing is answered."""

from app.domain.channels import AssistantChannel, ChannelEvent, EventKind
from app.services.messages.message import idempotency_keys
from app.services.ports.channels import ChatDeliveries, InboxRows

_TAKEN_BACK = "[mensagem apagada]"


class Edits:
    """Changes a message while it waits, or its chat once it was answered."""

    def __init__(self, inbox: InboxRows, chats: ChatDeliveries) -> None:
        self._inbox = inbox
        self._chats = chats

    def apply(self, channel: AssistantChannel, event: ChannelEvent) -> None:
        """Follow an edit or a revocation; a reaction changes nothing."""
        if event.target_id is None or event.kind not in {EventKind.EDIT, EventKind.REVOKE}:
            return
        waiting = self._inbox.message(channel.id, event.target_id)
        if waiting is not None and self._changed(waiting.id, event):
            return
        keys = idempotency_keys(channel.assistant_id, message_id_of(channel.id, event.target_id), None)
        if event.kind is EventKind.EDIT:
            self._chats.edited(channel.assistant_id, keys, event.text)
        else:
            self._chats.taken_back(channel.assistant_id, keys, _TAKEN_BACK)

    def _changed(self, item_id: str, event: ChannelEvent) -> bool:
        if event.kind is EventKind.EDIT:
            return self._inbox.change_text(item_id, event.text)
        self._inbox.done(item_id)
        return True


def message_id_of(channel_id: str, remote_id: str) -> str:
    """The id under which a contact's message is stored once, whatever else has the provider's id."""
    return f"{channel_id}:{remote_id}"
