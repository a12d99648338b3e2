"""Things that contacts said, as items of the inbox in the contact's conversation."""

from datetime import datetime, timedelta

from app.domain.channels import MESSAGE_SERVICES, AssistantChannel, ChannelEvent, EventKind
from app.domain.conversations import Channel, conversation_id_of
from app.domain.ids import new_id
from app.domain.inbox import InboxItem, RawEvent
from app.services.channels.identity import Identity
from app.services.channels.merged_conversations import MergedConversations

# For so long, webhooks of the same moment may overtake each other.
_SETTLING = timedelta(seconds=0.5)
# Providers repeat what they could not deliver for at most so long, and clocks differ a little.
_OLDEST, _NEWEST = timedelta(days=8), timedelta(minutes=5)


class ContactItems:
    """Finds whose conversation an event belongs to."""

    def __init__(self, identity: Identity, merged: MergedConversations) -> None:
        self._identity = identity
        self._merged = merged

    def item_of(self, channel: AssistantChannel, raw: RawEvent, event: ChannelEvent) -> InboxItem:
        """The event as an item of its contact's conversation."""
        contact = self._identity.contact_of(channel, event)
        if contact.has_merged and event.kind is EventKind.MESSAGE:
            self._merged.catch_up(contact)
        service = MESSAGE_SERVICES[channel.kind]
        return InboxItem(
            id=new_id(),
            channel_id=channel.id,
            assistant_id=channel.assistant_id,
            conversation_id=conversation_id_of(channel.assistant_id, Channel(contact.address, service)),
            event_id=raw.id,
            address=contact.address,
            message_service=service,
            event=event,
            at=_believable(event.at, raw.received_at),
            received_at=raw.received_at,
            next_at=raw.received_at + _SETTLING,
        )


def _believable(at: datetime | None, received_at: datetime) -> datetime:
    """The provider's time, unless it cannot be right."""
    if at is None or not received_at - _OLDEST < at < received_at + _NEWEST:
        return received_at
    return min(at, received_at)
