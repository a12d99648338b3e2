"""What waits in the outbox of a channel that was deleted fails, and its chats say so."""

from collections.abc import Callable
from datetime import timedelta

from app.services.ports import Clock
from app.services.ports.channels import ChannelRows, OutboxRows

# The outbox keeps no part for longer.
_LOOKED_AT = timedelta(days=31)


class DeletedOutboxes:
    """Has the sender look at all that waits: it finds no channel, and settles each part. `wake` is the sender's."""

    def __init__(self, channels: ChannelRows, outbox: OutboxRows, wake: Callable[[], None], clock: Clock) -> None:
        self._channels = channels
        self._outbox = outbox
        self._wake = wake
        self._clock = clock

    def settle(self, channel_id: str) -> None:
        """Let nothing of a deleted channel wait any longer; repeating this does nothing."""
        self._outbox.begin_again(channel_id, self._clock())
        self._wake()

    def sweep(self) -> None:
        """Finish what a crash cut off, and what was put into an outbox while its channel was deleted."""
        for channel_id in self._channels.deleted_since(self._clock() - _LOOKED_AT):
            self._outbox.begin_again(channel_id, self._clock())
