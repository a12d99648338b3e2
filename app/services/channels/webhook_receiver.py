"""What a provider posts: proven to be the provider's, stored, and only then answered."""

import logging
from collections.abc import Callable, Mapping

from app.domain.channels import ChannelKind, WebhookRequest, WrongSignatureError
from app.domain.errors import NotFoundError, UnauthorizedError
from app.domain.ids import new_id
from app.domain.inbox import RawEvent
from app.services.channels.event_parser import EventParser
from app.services.ports import Clock
from app.services.ports.channels import ChannelAdapter, ChannelRows, RawEvents

# Of larger bodies, such as one of 1,000 messages, nobody waits for the parsing.
_PARSED_AT_ONCE_BYTES = 64 * 1024

_log = logging.getLogger(__name__)


class WebhookReceiver:
    """Takes in what providers post. `wake` is called when something is left to be parsed."""

    def __init__(
        self,
        channels: ChannelRows,
        adapters: Mapping[ChannelKind, ChannelAdapter],
        events: RawEvents,
        parser: EventParser,
        *,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._channels = channels
        self._adapters = adapters
        self._events = events
        self._parser = parser
        self._clock = clock
        self._wake = wake

    def receive(self, webhook_id: str, request: WebhookRequest) -> str:
        """Store what came; returns what to answer with.

        Raises `NotFoundError` for an address that is no channel's, `UnauthorizedError` `wrong_signature`. A body
        that nobody can read is dropped: a provider would send it again and again.
        """
        channel = self._channels.by_webhook(webhook_id)
        if channel is None:
            raise NotFoundError("webhook")
        adapter = self._adapters[channel.kind]
        try:
            answer = adapter.verify(channel, request)
        except WrongSignatureError:
            sentence = "The request does not come from the channel's provider."
            raise UnauthorizedError(sentence, code="wrong_signature", challenge="Signature") from None
        if request.method != "POST":
            return answer
        try:
            body = adapter.redacted(request.body)
        except ValueError:
            _log.warning("channel %s: a body that is no JSON was dropped", channel.id)
            return answer
        now = self._clock()
        event = RawEvent(new_id(), channel.id, channel.assistant_id, body, now, next_at=now)
        self._events.add(event)
        if len(body) <= _PARSED_AT_ONCE_BYTES:
            self._parse(event)
        self._wake()
        return answer

    def _parse(self, event: RawEvent) -> None:
        """At once, so that an echo silences the assistant before it is answered; what fails is parsed later."""
        try:
            self._parser.parse(event)
        except Exception:
            _log.exception("channel %s: an event could not be parsed yet", event.channel_id)
