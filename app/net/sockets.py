"""Sockets for httpcore2 that obey the deadline of the thread using them and connect only where they may.

A read timeout alone starts afresh with every byte that drips in; here each wait gets at most what is left.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore2

from app.net.addresses import IPAddress
from app.net.enforcement import run_within, seconds_left

_WRITE_BYTES = 65_536
_MOST_ADDRESSES = 4

Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as text; raises `OSError` where it has none."""


class AddressRefusedError(Exception):
    """A host has an address to which this client does not connect."""


def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the operating system says, which also knows numbers in odd spellings, such as 0x7f000001."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class DeadlineBackend(httpcore2.NetworkBackend):
    """Opens TCP connections; raises httpcore2's `ConnectTimeout` and `ConnectError`.

    Raises `AddressRefusedError` for a host of which `is_allowed` refuses one address. The connection goes to
    an address that was checked, so that a name that resolves differently a moment later gains nothing.
    """

    def __init__(
        self, is_allowed: Callable[[IPAddress], bool] | None = None, resolve: Resolver = system_resolver
    ) -> None:
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._sockets = httpcore2.SyncBackend()

    @property
    def is_guarded(self) -> bool:
        """Whether some addresses may be refused."""
        return self._is_allowed is not None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address of `host` that accepts one; each gets its share of the time left."""
        failure: Exception = httpcore2.ConnectError("the name has no address")
        addresses = self.checked_addresses(host, port, timeout)
        for number, address in enumerate(addresses):
            try:
                share = _bounded(timeout, httpcore2.ConnectTimeout, parts=len(addresses) - number)
                stream = self._sockets.connect_tcp(str(address), port, share, local_address, socket_options)
                return DeadlineStream(stream)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    def checked_addresses(self, host: str, port: int, timeout: float | None = None) -> Sequence[IPAddress]:
        """At most four addresses of `host`, all of which are allowed; raises as `connect_tcp` does."""
        found = self._addresses(host, port, timeout)
        if self._is_allowed and not all(map(self._is_allowed, found)):
            raise AddressRefusedError("an address of the host is refused")
        return found[:_MOST_ADDRESSES]

    def _addresses(self, host: str, port: int, timeout: float | None) -> Sequence[IPAddress]:
        try:
            return [ipaddress.ip_address(host)]
        except ValueError:
            pass  # a name: the system's resolver has no timeout of ours, hence the thread
        try:
            left = _bounded(timeout, httpcore2.ConnectTimeout)
            found = run_within(left, lambda: self._resolve(host, port))
            return list(dict.fromkeys(map(ipaddress.ip_address, found)))
        except TimeoutError:
            raise httpcore2.ConnectTimeout("the name was not resolved in time") from None
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError("the name could not be resolved") from error


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


def _bounded(timeout: float | None, too_late: type[Exception], parts: int = 1) -> float | None:
    """The smaller of `timeout` and one of `parts` equal parts of the time left; raises `too_late` if none is."""
    left = seconds_left()
    if left is None:
        return timeout
    if left <= 0:
        raise too_late("the deadline has passed")
    share = left / parts
    return share if timeout is None else min(timeout, share)
