"""What providers say became of parts that were sent."""

from app.domain.channels import AssistantChannel, ChannelEvent
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.domain.outbox import OutboxPart
from app.services.channels.delivery_notes import DeliveryNotes
from app.services.ports import Clock
from app.services.ports.channels import OutboxRows


class Statuses:
    """Follows statuses, which come in any order, several times, or never."""

    def __init__(self, outbox: OutboxRows, notes: DeliveryNotes, clock: Clock) -> None:
        self._outbox = outbox
        self._notes = notes
        self._clock = clock

    def follow(self, channel: AssistantChannel, event: ChannelEvent) -> None:
        """Move the part on; nothing, if the provider's word is unknown.

        Raises `NotFoundError` where there is no such part, which may be so for a moment.
        """
        if event.status is None:
            return
        part = self._part(channel, event)
        if part is None:
            raise NotFoundError("part")
        error = (event.error.code, event.error.message) if event.error else None
        if self._outbox.advance(part, event.status, self._clock(), error):
            self._notes.note(part.chat_id)

    def _part(self, channel: AssistantChannel, event: ChannelEvent) -> OutboxPart | None:
        if event.part_id and is_id(event.part_id):
            part = self._outbox.by_id(event.part_id)
            if part is not None and part.channel_id == channel.id:
                return part
        return self._outbox.by_remote(channel.id, event.remote_id)
