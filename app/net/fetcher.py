"""One page from the public web, within a time and a size, and never from an address inside."""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import httpcore2
import httpx2

from app.domain.errors import FetchError
from app.domain.pages import Page
from app.net.addresses import IPAddress, is_public
from app.net.body import read_body, too_large
from app.net.charset import as_utf8
from app.net.naming import ACCEPTED, ending_of, filename_of
from app.net.sockets import Deadline, PinnedBackend
from app.net.urls import Target, refused

_MOST_REDIRECTS = 5
_MOST_ADDRESSES = 4
_REDIRECTS = {301, 302, 303, 307, 308}
_IS_TEXT = (".html", ".txt", ".md", ".csv", ".json")

Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as text; raises `OSError` where it has none."""


def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the operating system says, which also knows numbers in odd spellings, such as 0x7f000001."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class PageFetcher:
    """Fetches pages over http and https; proxies of the environment are not used.

    Every address a host has is checked, once; the connection goes to one of those that were checked, so that a
    name that resolves differently a moment later gains nothing. A host with one address inside is refused.
    `timeout_seconds` bounds a fetch as a whole, redirects included, and `max_bytes` its body, before and after
    decompression.
    """

    def __init__(
        self,
        max_bytes: int,
        timeout_seconds: float,
        *,
        is_allowed: Callable[[IPAddress], bool] = is_public,
        resolve: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._ssl_context = ssl_context or httpx2.create_ssl_context()

    def fetch(self, url: str) -> Page:
        """The page at `url`; raises `FetchError`."""
        asked = target = Target.of(url)
        deadline = Deadline(self._timeout_seconds)
        for _ in range(_MOST_REDIRECTS + 1):
            with self._response(target, deadline) as response:
                location = _header(response, b"location")
                if response.status not in _REDIRECTS or not location:
                    return self._page(asked, target, response)
            target = target.redirected(location)
        raise FetchError("The page redirects too often.")

    def _page(self, asked: Target, target: Target, response: httpcore2.Response) -> Page:
        if response.status != 200:
            raise FetchError(f"The page cannot be had: its server answered with status {response.status}.")
        content_type, _, parameters = _header(response, b"content-type").lower().partition(";")
        ending = ending_of(target, content_type.strip())
        length = _header(response, b"content-length")
        if length.isdecimal() and int(length) > self._max_bytes:
            raise too_large(self._max_bytes)
        encoding = _header(response, b"content-encoding").lower()
        content = read_body(response.iter_stream(), encoding, self._max_bytes)
        if ending in _IS_TEXT:
            content = as_utf8(content, parameters)
        return Page(str(asked.url), str(target.url), content, content_type.strip(), filename_of(asked, ending))

    @contextmanager
    def _response(self, target: Target, deadline: Deadline) -> Iterator[httpcore2.Response]:
        """The head of a response, whose body can be read inside."""
        with _errors_for_people():
            backend = PinnedBackend(self._addresses(target, deadline), deadline)
            origin = httpcore2.Origin(target.scheme.encode(), target.host.encode(), target.port)
            with httpcore2.HTTPConnection(
                origin, ssl_context=self._ssl_context, network_backend=backend
            ) as connection:
                yield connection.handle_request(_request(target))

    def _addresses(self, target: Target, deadline: Deadline) -> Sequence[IPAddress]:
        try:
            found = deadline.run(lambda: self._resolve(target.host, target.port))
            addresses = list(dict.fromkeys(map(ipaddress.ip_address, found)))
        except (socket.gaierror, UnicodeError):
            raise FetchError("There is no such host.") from None
        if not all(map(self._is_allowed, addresses)):
            raise refused("This address is not on the public internet.")
        return addresses[:_MOST_ADDRESSES]


def _request(target: Target) -> httpcore2.Request:
    url = httpcore2.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path
    )
    headers: list[tuple[bytes | str, bytes | str]] = [
        ("Host", target.host_header),
        ("User-Agent", "Orquestradora"),
        ("Accept", ACCEPTED),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ]
    return httpcore2.Request("GET", url, headers=headers)


def _header(response: httpcore2.Response, name: bytes) -> str:
    """The first header of this name, "" without one; in practice what is not ASCII is UTF-8."""
    values = [value for key, value in response.headers if key.lower() == name]
    return values[0].decode("utf-8", "replace").strip() if values else ""


@contextmanager
def _errors_for_people() -> Iterator[None]:
    try:
        yield
    except (TimeoutError, httpcore2.TimeoutException):
        raise FetchError("The page did not come in time.", code="fetch_timeout") from None
    except (OSError, httpcore2.NetworkError) as error:
        raise FetchError(_sentence(error)) from None
    except httpcore2.ProtocolError:
        raise FetchError("The server of the page broke off, or does not speak HTTP.") from None


def _sentence(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "The certificate of the page's server cannot be trusted."
    if isinstance(cause, ssl.SSLError):
        return "A secure connection to the page's server cannot be made."
    return "The page's server cannot be reached."
