"""Webhooks are told when a channel stops working, and when it works again."""

from app.domain.channels import AssistantChannel
from app.domain.webhooks import EventType
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.webhooks import Events


class ChannelAnnouncements:
    """Tells an assistant's webhooks of its channels."""

    def __init__(self, assistants: Assistants, events: Events, clock: Clock) -> None:
        self._assistants = assistants
        self._events = events
        self._clock = clock

    def disconnected(self, channel: AssistantChannel, reason: str) -> None:
        """Nothing of this channel is sent until its owner has seen to it."""
        self._tell(EventType.CHANNEL_DISCONNECTED, channel, reason)

    def connected(self, channel: AssistantChannel) -> None:
        """It works, for the first time or again."""
        self._tell(EventType.CHANNEL_CONNECTED, channel, None)

    def _tell(self, event_type: EventType, channel: AssistantChannel, reason: str | None) -> None:
        assistant = self._assistants.by_id(channel.assistant_id)
        if assistant is not None and assistant.announces(event_type):
            told = {"channel_id": channel.id, "kind": channel.kind, "name": channel.name, "reason": reason}
            now = self._clock().isoformat(timespec="seconds")
            self._events.emit(assistant, event_type, told, key=f"{channel.id}/{now}")
