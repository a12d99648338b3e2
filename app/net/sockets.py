"""Connections to addresses that were checked, and to no others, which end at a deadline.

A read timeout alone starts afresh with every byte that drips in; here each wait gets what is left of the whole.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import httpcore2

from app.net.addresses import IPAddress

_Result = TypeVar("_Result")


class Deadline:
    """A moment `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self, too_late: type[Exception] = TimeoutError) -> float:
        """Seconds until then, more than 0; raises `too_late` where none are left."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise too_late("the deadline has passed")
        return left

    def run(self, work: Callable[[], _Result]) -> _Result:
        """What `work` returns or raises, if in time; else `TimeoutError`, and it goes on in its own thread."""
        future: Future[_Result] = Future()

        def fill() -> None:
            try:
                future.set_result(work())
            except Exception as error:
                future.set_exception(error)

        threading.Thread(target=fill, name="resolving", daemon=True).start()
        return future.result(timeout=self.left())


class PinnedBackend(httpcore2.NetworkBackend):
    """Opens connections to `addresses`, whatever name it is asked for."""

    def __init__(self, addresses: Sequence[IPAddress], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # it was resolved before
        port: int,
        timeout: float | None = None,  # here and below: the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address that accepts one; each gets its share of the time left."""
        failure: Exception = httpcore2.ConnectError("there is no address")
        for number, address in enumerate(self._addresses):
            share = self._deadline.left(httpcore2.ConnectTimeout) / (len(self._addresses) - number)
            try:
                stream = self._sockets.connect_tcp(str(address), port, share, local_address, socket_options)
                return _DeadlineStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class _DeadlineStream(httpcore2.NetworkStream):
    """A connection on which every wait ends at the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(httpcore2.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = self._deadline.left(httpcore2.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
