"""Whether channels work, as far as what comes by them shows."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app.domain.channels import AssistantChannel, ChannelEvent, EventKind
from app.services.channels.announcements import ChannelAnnouncements
from app.services.ports.channels import ChannelRows

_ENOUGH = timedelta(minutes=1)
_WRITTEN = frozenset({EventKind.MESSAGE, EventKind.STANDBY})
_NOT_LINKED = "The phone is not linked any more, or WhatsApp cannot be reached from there."


class ChannelProofs:
    """Remembers when something came, and when a provider said that it lost the connection or has it again.

    A provider's word for being connected proves nothing; `on_return` is called for the channel then, as messages
    may have been missed.
    """

    def __init__(
        self,
        channels: ChannelRows,
        announcements: ChannelAnnouncements,
        on_return: Callable[[AssistantChannel], None],
    ) -> None:
        self._channels = channels
        self._announcements = announcements
        self._on_return = on_return

    def note(self, channel: AssistantChannel, at: datetime, events: Sequence[ChannelEvent]) -> None:
        """What came at a moment; once a minute is enough to know."""
        kinds = {event.kind for event in events}
        for event in events:
            if event.kind is EventKind.CONNECTION:
                self._follow(channel, at, connected=bool(event.connected))
        moments: dict[str, datetime] = {}
        if kinds & _WRITTEN and _is_news(channel.last_in_at, at):
            moments["last_in_at"] = at
        if kinds - {EventKind.CONNECTION} and (channel.is_lost or _is_news(channel.proof_at, at)):
            moments["proof_at"] = at
        if moments:
            self._channels.note(channel.id, **moments)
        if "proof_at" in moments and channel.proof_at is None:
            self._announcements.connected(channel)

    def _follow(self, channel: AssistantChannel, at: datetime, *, connected: bool) -> None:
        if connected:
            if self._channels.found(channel.id) and channel.proof_at is not None:
                self._announcements.connected(channel)
            self._on_return(channel)
        elif self._channels.lose(channel.id, at):
            self._announcements.disconnected(channel, _NOT_LINKED)


def _is_news(known: datetime | None, at: datetime) -> bool:
    return known is None or at - known > _ENOUGH
