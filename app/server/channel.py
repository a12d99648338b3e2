"""One connection: read and written at its client's pace, within bounds."""

import logging
import socket
import time
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple
from wsgiref.types import WSGIEnvironment

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel

from app.server.errors import JsonErrorTask
from app.server.pace import HEADER_SECONDS, Pace
from app.server.parser import RequestParser

if TYPE_CHECKING:
    from app.server.connections import Connections

_LINGER_SECONDS = 5.0
_LOOK_SECONDS = 0.5
_DISCARDED_BYTES = 256 * 1024

_log = logging.getLogger(__name__)

BodyLimit = Callable[[WSGIEnvironment], int]
"""How long a request's body may be, by its headers; 0 if its credentials are missing or wrong."""


class Step(IntEnum):
    """What a client has to do next; those of the lower steps are closed first when others need their places."""

    FIRST_REQUEST = 0
    NEXT_REQUEST = 1
    TRANSFER = 2


class Waiting(NamedTuple):
    """A client's next step, and since when it is waited for (monotonic seconds)."""

    step: Step
    since: float


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that is closed when its client is too slow, or when others need its place.

    waitress asks `readable` and `writable` of every connection, once a second at least. That is when it is looked
    at, twice a second at most, and closed, as nothing else can be at work on its socket then. What runs in the
    threads of requests is `service` alone.
    """

    error_task_class = JsonErrorTask
    parser_class = RequestParser

    def __init__(self, connections: "Connections", *arguments: Any, **options: Any) -> None:
        self.request: Any = None
        self._connections = connections
        self._first_byte_at: float | None = None
        self._body: Pace | None = None
        self._output: Pace | None = None
        self._asking = False
        self._evicted = False
        self._evicted_for: Waiting | None = None
        self._looked_at = 0.0
        self._lingering_since: float | None = None
        self._await_request()
        super().__init__(*arguments, **options)
        self._is_new = True
        connections.add(self)

    @property
    def is_waiting(self) -> bool:
        """Whether the client has to do the next step, and may be closed for that."""
        return not self._evicted and self._is_client_s_turn()

    @property
    def waiting(self) -> "Waiting":
        """What the client has to do next, and since when."""
        transfer = self._output if self.total_outbufs_len else self._body
        if transfer is not None:
            return Waiting(Step.TRANSFER, transfer.began)
        return Waiting(Step.FIRST_REQUEST if self._is_new else Step.NEXT_REQUEST, self._idle_since)

    @property
    def unsent_bytes(self) -> int:
        """What is kept of answers until the client takes it; files are not, they are read as they are sent."""
        return sum(len(one) for one in list(self.outbufs) if not isinstance(one, ReadOnlyFileBasedBuffer))

    @property
    def body_bytes(self) -> int:
        """What is kept of a body until it is complete."""
        request = self.request
        return request.body_bytes_received if request is not None else 0

    def evict(self, *, though_it_sends: bool = False) -> None:
        """Close at the next look; not if the client has gone on by then, unless `though_it_sends`."""
        self._evicted = True
        self._evicted_for = None if though_it_sends else self.waiting

    def readable(self) -> bool:
        """Whether to read; closes the connection if it is time."""
        now = time.monotonic()
        if (self._evicted or now >= self._looked_at + _LOOK_SECONDS) and self._is_dropped(now):
            return False
        if self._lingering_since is not None:
            return True
        return not self._asking and bool(super().readable())

    def writable(self) -> bool:
        """Whether to write."""
        return self._lingering_since is None and not self._evicted and bool(super().writable())

    def handle_read(self) -> None:
        """Read; what comes after the last answer goes nowhere."""
        if self._lingering_since is None:
            super().handle_read()
            return
        try:
            self.recv(_DISCARDED_BYTES)
        except OSError:
            self.handle_close()

    def received(self, data: bytes) -> bool:
        """Take what was read; a large body is not read on until somebody agreed to it."""
        if self._first_byte_at is None:
            self._first_byte_at = time.monotonic()
        went_on = bool(super().received(data))
        if self.request is not None and self.request.wants_to_send_much:
            self._asking = True
            self.server.add_task(_BodyQuestion(self, self._connections.body_limit))
        return went_on

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send what the client takes; how many bytes."""
        sent = int(super().send(data, do_close))
        self._sent_bytes += sent
        return sent

    def service(self) -> None:
        """Answer a request."""
        self._is_new = False
        self._await_request()  # before as well, as waitress' thread may look when the answer has just been given
        super().service()
        self._await_request()

    def body_decided(self, limit: int) -> None:
        """Go on with a request whose body may have at most `limit` bytes; it is answered if that is not enough."""
        with self.requests_lock:
            request = self.request
            request.allow_body(limit)
            if request.completed:
                self.requests.append(request)
                self.request = None
            elif request.expect_continue:
                self.send_continue()
            self._body = None
            self._asking = False
        if request.completed:
            self.service()
        else:
            self.server.pull_trigger()

    def handle_close(self) -> None:
        """Close; after a last answer only when the client had time to read it.

        Closing a socket with unread bytes resets the connection, and some clients then lose the answer that is on
        its way (RFC 9112, 9.6).
        """
        if not (self.will_close and self._linger()):
            super().handle_close()

    def del_channel(self, map: Any = None) -> None:
        """Be known no more."""
        super().del_channel(map)
        self._connections.remove(self)

    def _await_request(self) -> None:
        self._idle_since = time.monotonic()
        self._first_byte_at = self._body = self._output = None
        self._sent_bytes = 0

    def _is_dropped(self, now: float) -> bool:
        """Look at this connection, and at all of them together; whether it was closed."""
        self._looked_at = now
        self._connections.look(now)
        if self._evicted and self._evicted_for is not None and self._has_gone_on(self._evicted_for):
            self._evicted = False
        if not (self._evicted or self._is_overdue(now)):
            return False
        self._evicted = True
        super().handle_close()
        if self.request is not None and not self._asking:
            self.request.close()
        return True

    def _has_gone_on(self, before: Waiting) -> bool:
        if not self._is_client_s_turn() or self.waiting != before:
            return True
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def _is_client_s_turn(self) -> bool:
        if self.total_outbufs_len > 0:
            return self._output is not None  # else the client was not given the time to take it yet
        return not (self.requests or self._asking)

    def _is_overdue(self, now: float) -> bool:
        if self._lingering_since is not None:
            return now - self._lingering_since > _LINGER_SECONDS
        if self.total_outbufs_len:
            self._output = self._output or Pace(now, self._sent_bytes)
            return self._output.is_too_slow(now, self._sent_bytes)
        self._output = None
        if self.requests or self._asking:
            return False
        request = self.request
        if request is not None and request.headers_finished:
            self._body = self._body or Pace(now, 0)
            return self._body.is_too_slow(now, request.body_bytes_received)
        began = self._idle_since if self._is_new else self._first_byte_at
        if began is not None and now - began > HEADER_SECONDS:
            return True
        return now - self._idle_since > float(self.adj.channel_timeout)

    def _linger(self) -> bool:
        if not self.connected or self._lingering_since is not None:
            return False
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        self.will_close = False
        self._lingering_since = time.monotonic()
        return True


class _BodyQuestion:
    """A task for a thread: ask how much of a body may come."""

    def __init__(self, channel: Channel, body_limit: BodyLimit) -> None:
        self._channel = channel
        self._body_limit = body_limit

    def service(self) -> None:
        """Ask, and let the connection go on."""
        channel = self._channel
        task = channel.task_class(channel, channel.request)
        try:
            limit = self._body_limit(task.get_environment())
        except Exception:
            _log.exception("Whether a body may come could not be asked")
            limit = 0
        channel.body_decided(limit)

    def cancel(self) -> None:
        """The server stops."""
        self._channel.cancel()
