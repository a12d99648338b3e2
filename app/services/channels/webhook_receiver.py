"""What a provider posts: proven to be the provider's, stored, and only then answered."""

import logging
from collections.abc import Mapping, Sequence

from app.domain.channels import (
    AssistantChannel,
    ChannelEvent,
    ChannelKind,
    EventKind,
    WebhookRequest,
    WrongSignatureError,
)
from app.domain.errors import NotFoundError, UnauthorizedError
from app.domain.ids import new_id
from app.domain.inbox import RawEvent
from app.services.channels.event_worker import EventWorker
from app.services.ports import Clock
from app.services.ports.channels import ChannelAdapter, ChannelRows, RawEvents

# Of larger bodies, such as one of 1,000 messages, nobody waits for the parsing.
_READ_AT_ONCE_BYTES = 64 * 1024

_log = logging.getLogger(__name__)


class WebhookReceiver:
    """Takes in what providers post. Echoes are dealt with before the answer, all else after it, by `worker`."""

    def __init__(
        self,
        channels: ChannelRows,
        adapters: Mapping[ChannelKind, ChannelAdapter],
        events: RawEvents,
        worker: EventWorker,
        clock: Clock,
    ) -> None:
        self._channels = channels
        self._adapters = adapters
        self._events = events
        self._worker = worker
        self._clock = clock

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
        self._work_on(channel, event)
        return answer

    def _work_on(self, channel: AssistantChannel, event: RawEvent) -> None:
        """An echo is dealt with at once, so that it has silenced the assistant before it is answered."""
        told = self._read(channel, event)
        if told is not None and any(one.kind is EventKind.ECHO for one in told):
            self._worker.work_now(channel, event, told)
        else:
            self._worker.hand_over(channel, event, told)

    def _read(self, channel: AssistantChannel, event: RawEvent) -> Sequence[ChannelEvent] | None:
        """What a body tells of; None where that takes long or fails, for the worker to read again."""
        if len(event.body) > _READ_AT_ONCE_BYTES:
            return None
        try:
            return self._adapters[channel.kind].parse(channel, event.body)
        except Exception:
            _log.exception("channel %s: an event could not be parsed yet", channel.id)
            return None
