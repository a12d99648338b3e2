"""Sockets that obey the deadline of the thread using them.

A read timeout alone starts afresh with every byte that drips in; here each wait gets at most what is left.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2

from app.llm.deadline import run_within, seconds_left

_WRITE_BYTES = 65_536


class DeadlineBackend(httpcore2.NetworkBackend):
    """Opens TCP connections for httpcore2; raises its `ConnectTimeout` and `ConnectError`."""

    def __init__(self) -> None:
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address of `host` that accepts one."""
        failure: Exception = httpcore2.ConnectError("the name has no address")
        for address in _addresses(host, port, timeout):
            try:
                left = _bounded(timeout, httpcore2.ConnectTimeout)
                stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
                return DeadlineStream(stream)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class DeadlineStream(httpcore2.NetworkStream):
    """A connection; each wait ends at the deadline of whoever uses it at that time."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to `max_bytes` bytes, b"" at the end; raises `ReadTimeout`, `ReadError`."""
        return self._stream.read(max_bytes, _bounded(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send everything; raises `WriteTimeout`, `WriteError`."""
        for start in range(0, len(buffer), _WRITE_BYTES):
            piece = buffer[start : start + _WRITE_BYTES]
            self._stream.write(piece, _bounded(timeout, httpcore2.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection after a TLS handshake, which Python bounds as a whole."""
        left = _bounded(timeout, httpcore2.ConnectTimeout)
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def close(self) -> None:
        """Close the socket."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore2 asks about a connection, such as whether it is readable."""
        return self._stream.get_extra_info(info)


def _addresses(host: str, port: int, timeout: float | None) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass  # a name: the system's resolver has no timeout of ours, hence the thread
    try:
        found = run_within(
            _bounded(timeout, httpcore2.ConnectTimeout),
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM),
        )
    except TimeoutError:
        raise httpcore2.ConnectTimeout("the name was not resolved in time") from None
    except OSError as error:
        raise httpcore2.ConnectError("the name could not be resolved") from error
    return [str(address[0]) for *_, address in found]


def _bounded(timeout: float | None, too_late: type[Exception]) -> float | None:
    """The smaller of `timeout` and the time left; raises `too_late` if none is left."""
    left = seconds_left()
    if left is None:
        return timeout
    if left <= 0:
        raise too_late("the deadline has passed")
    return left if timeout is None else min(timeout, left)
