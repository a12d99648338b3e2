"""What providers say became of parts that were sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.domain.channels import AssistantChannel, ChannelEvent, DeliveryState, ErrorAction, ProviderError
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.domain.outbox import OutboxPart
from app.services.channels.announcements import ChannelAnnouncements
from app.services.channels.delivery_notes import DeliveryNotes
from app.services.ports import Clock
from app.services.ports.channels import ChannelRows, OutboxRows

_MOST_ATTEMPTS = 5
_PAUSE = timedelta(seconds=30)
# The provider has not said yet whether it took it, or what it calls it.
_OPEN = frozenset({DeliveryState.SENDING, DeliveryState.UNKNOWN})
_GOES_AGAIN = frozenset({ErrorAction.RETRY, ErrorAction.PAUSE})


class Statuses:
    """Follows statuses, which come in any order, several times, or never.

    `go_on` is called with a channel and a conversation whose next part may go now.
    """

    def __init__(
        self,
        outbox: OutboxRows,
        channels: ChannelRows,
        notes: DeliveryNotes,
        announcements: ChannelAnnouncements,
        clock: Clock,
        *,
        go_on: Callable[[str, str], None],
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._notes = notes
        self._announcements = announcements
        self._clock = clock
        self._go_on = go_on

    def follow(self, channel: AssistantChannel, event: ChannelEvent) -> None:
        """Move the part on; nothing, if the provider's word is unknown.

        Raises `NotFoundError` where there is no such part, which may be so for a moment.
        """
        if event.status is None:
            return
        part = self._part(channel, event)
        if part is None:
            raise NotFoundError("part")
        if event.status is DeliveryState.FAILED and event.error is not None:
            changed = self._failed(channel, part, event.remote_id, event.error)
        else:
            changed = self._outbox.advance(part, event.status, self._clock(), None)
        if not changed and self._has_moved(part):
            self.follow(channel, event)  # another status of it was faster, and may be behind this one
        elif changed:
            self._notes.note(part.chat_id)
            if part.state is DeliveryState.UNKNOWN or event.status is DeliveryState.FAILED:
                self._go_on(part.channel_id, part.conversation_id)

    def _has_moved(self, part: OutboxPart) -> bool:
        now = self._outbox.by_id(part.id)
        return now is not None and now.state is not part.state

    def _failed(self, channel: AssistantChannel, part: OutboxPart, remote_id: str, error: ProviderError) -> bool:
        """The provider took the part, and did not deliver it after all: what follows is what its error says.

        Only a part that was not sent again since is held or sent again: statuses may be told several times.
        """
        if error.action is ErrorAction.PAUSE and self._channels.pause(channel.id, error.message):
            self._announcements.disconnected(channel, error.message)
        if part.remote_id != remote_id and part.state not in _OPEN:
            return False
        if error.action is ErrorAction.HOLD:
            return self._put_back(part, DeliveryState.HELD, error)
        if error.action in _GOES_AGAIN and part.attempts < _MOST_ATTEMPTS:
            return self._put_back(part, DeliveryState.QUEUED, error)
        return self._outbox.advance(part, DeliveryState.FAILED, self._clock(), (error.code, error.message))

    def _put_back(self, part: OutboxPart, state: DeliveryState, error: ProviderError) -> bool:
        if part.state not in {DeliveryState.ACCEPTED, *_OPEN}:
            return False
        now = self._clock()
        back = replace(part, state=state, next_at=now + _PAUSE, remote_id=None, changed_at=now)
        return self._outbox.settle(replace(back, error_code=error.code, error=error.message), part.state)

    def _part(self, channel: AssistantChannel, event: ChannelEvent) -> OutboxPart | None:
        if event.part_id and is_id(event.part_id):
            part = self._outbox.by_id(event.part_id)
            if part is not None and part.channel_id == channel.id:
                return part
        return self._outbox.by_remote(channel.id, event.remote_id)
