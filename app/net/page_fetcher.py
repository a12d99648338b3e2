"""One page from the public web, within a time and a size, and never from an address inside."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2

from app.domain.deadline import Deadline
from app.domain.errors import FetchError
from app.domain.web_pages import Page
from app.net.addresses import IPAddress
from app.net.causes import root_cause
from app.net.charset import as_utf8
from app.net.client import open_client
from app.net.enforcement import enforced
from app.net.outgoing_proxies import DIRECT, Proxies
from app.net.own_addresses import is_outside
from app.net.page_names import ACCEPTED, ending_of, filename_of
from app.net.response_body import read_body, too_large
from app.net.sockets import AddressRefusedError, Resolver, system_resolver
from app.net.urls import Target, refused

_MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_IS_TEXT = (".html", ".txt", ".md", ".csv", ".json")


class PageFetcher:
    """Fetches pages over http and https.

    Every address a host has is checked, at every redirect anew; a host with one address inside, or of this
    machine, is refused. With a proxy that is so, too, though the proxy then resolves the name once more: that it
    goes nowhere inside is for its own rules to see to.
    `timeout_seconds` bounds a fetch as a whole, redirects included, and `max_bytes` its body, before and after
    decompression.
    """

    def __init__(
        self,
        max_bytes: int,
        timeout_seconds: float,
        *,
        is_allowed: Callable[[IPAddress], bool] = is_outside,
        resolve: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies = DIRECT,
    ) -> None:
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds
        self._http_client = open_client(
            proxies, is_allowed=is_allowed, resolve=resolve, ssl_context=ssl_context, follow_redirects=False
        )

    def fetch(self, url: str) -> Page:
        """The page at `url`; raises `FetchError`."""
        asked = target = Target.of(url)
        with _errors_for_people(), enforced(Deadline(self._timeout_seconds)):
            for _ in range(_MOST_REDIRECTS + 1):
                with self._response(target) as response:
                    location = _header(response, b"location")
                    if response.status_code not in _REDIRECTS or not location:
                        return self._page(asked, target, response)
                target = target.redirected(location)
        raise FetchError("The page redirects too often.")

    def _page(self, asked: Target, target: Target, response: httpx2.Response) -> Page:
        if response.status_code != 200:
            raise FetchError(f"The page cannot be had: its server answered with status {response.status_code}.")
        content_type, _, parameters = _header(response, b"content-type").lower().partition(";")
        ending = ending_of(target, content_type.strip())
        length = _header(response, b"content-length")
        if length.isdecimal() and int(length) > self._max_bytes:
            raise too_large(self._max_bytes)
        encoding = _header(response, b"content-encoding").lower()
        content = read_body(response.iter_raw(), encoding, self._max_bytes)
        if ending in _IS_TEXT:
            content = as_utf8(content, parameters)
        return Page(str(asked.url), str(target.url), content, content_type.strip(), filename_of(asked, ending))

    @contextmanager
    def _response(self, target: Target) -> Iterator[httpx2.Response]:
        """The head of a response, whose body can be read inside."""
        response = self._http_client.send(_request(target), stream=True)
        try:
            yield response
        finally:
            response.close()


def _request(target: Target) -> httpx2.Request:
    headers = {
        "Host": target.host_header,
        "User-Agent": "Orquestradora",
        "Accept": ACCEPTED,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    return httpx2.Request("GET", target.url.copy_with(host=target.host), headers=headers)


def _header(response: httpx2.Response, name: bytes) -> str:
    """The first header of this name, "" without one; in practice what is not ASCII is UTF-8."""
    values = [value for key, value in response.headers.raw if key.lower() == name]
    return values[0].decode("utf-8", "replace").strip() if values else ""


@contextmanager
def _errors_for_people() -> Iterator[None]:
    try:
        yield
    except AddressRefusedError:
        raise refused("This address is not on the public internet, or is this machine's own.") from None
    except httpx2.TimeoutException:
        raise FetchError("The page did not come in time.", code="fetch_timeout") from None
    except httpx2.ProtocolError:
        raise FetchError("The server of the page broke off, or does not speak HTTP.") from None
    except httpx2.ProxyError:
        raise FetchError("The proxy for outgoing requests does not let this page through.") from None
    except httpx2.TransportError as error:
        raise FetchError(_sentence(root_cause(error))) from None


def _sentence(cause: BaseException) -> str:
    if isinstance(cause, (socket.gaierror, UnicodeError)):
        return "There is no such host."
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "The certificate of the page's server cannot be trusted."
    if isinstance(cause, ssl.SSLError):
        return "A secure connection to the page's server cannot be made."
    return "The page's server cannot be reached."
