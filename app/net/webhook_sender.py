"""One request to a webhook's receiver, within a time and a size, and never to an address inside."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import httpcore2
import httpx2

from app.domain.deadline import Deadline
from app.domain.errors import FetchError, SendError
from app.domain.webhooks import ReceiverAnswer
from app.net.addresses import IPAddress
from app.net.causes import root_cause
from app.net.client import open_client
from app.net.enforcement import enforced
from app.net.outgoing_proxies import DIRECT, Proxies
from app.net.own_addresses import allowed_addresses
from app.net.sockets import AddressRefusedError, DeadlineBackend, Resolver, system_resolver
from app.net.urls import Target, refused

_POST_SECONDS = 15.0
_CHECK_SECONDS = 2.0
_MOST_RESPONSE_BYTES = 64 * 1024
_INSIDE = "This address is not on the public internet, or is this machine's own."


class WebhookSender:
    """Posts to receivers on the public internet by https; with `allow_private` to others and by http, too.

    The connection goes to an address that was checked, whatever the name means a moment later. No redirect is
    followed. `timeout_seconds` bounds a request from the name's resolution to the end of the response.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        timeout_seconds: float = _POST_SECONDS,
        is_allowed: Callable[[IPAddress], bool] | None = None,
        resolve: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies = DIRECT,
    ) -> None:
        is_allowed = is_allowed or allowed_addresses(allow_private=allow_private)
        self._allow_http = allow_private
        self._timeout_seconds = timeout_seconds
        self._addresses = DeadlineBackend(is_allowed, resolve)
        self._http_client = open_client(
            proxies, is_allowed=is_allowed, resolve=resolve, ssl_context=ssl_context, follow_redirects=False
        )

    def check(self, url: str) -> None:
        """Raise `FetchError` `url_refused` for a URL that is never posted to.

        A name that does not resolve within two seconds may do so later.
        """
        target = self._target(url)
        try:
            with enforced(Deadline(_CHECK_SECONDS)), suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                self._addresses.checked_addresses(target.host, target.port)
        except AddressRefusedError:
            raise refused(_INSIDE) from None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> ReceiverAnswer:
        """Post JSON, and return the answer; raises `SendError`.

        The answer counts once its head has come. Of its body no more than 64 KB are read, for the sake of receivers
        that mind a connection that breaks off.
        """
        with _errors_for_people(), enforced(Deadline(self._timeout_seconds)):
            response = self._http_client.send(_request(self._target(url), body, headers), stream=True)
            try:
                _read_a_little(response)
                return ReceiverAnswer(response.status_code, _retry_after(response))
            finally:
                response.close()

    def _target(self, url: str) -> Target:
        target = Target.of(url)
        if target.scheme != "https" and not self._allow_http:
            raise refused("The URL has to begin with https://.")
        return target


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> httpx2.Request:
    own = {
        "Host": target.host_header,
        "User-Agent": "Orquestradora",
        "Content-Type": "application/json",
        "Connection": "close",
    }
    return httpx2.Request("POST", target.url.copy_with(host=target.host), headers={**own, **headers}, content=body)


def _read_a_little(response: httpx2.Response) -> None:
    size = 0
    with suppress(httpx2.TransportError):
        for piece in response.iter_raw():
            size += len(piece)
            if size > _MOST_RESPONSE_BYTES:
                return


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds, where it says so in seconds (RFC 9110, 10.2.3; the date it may also be is not read)."""
    said = response.headers.get("Retry-After", "").strip()
    return float(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


@contextmanager
def _errors_for_people() -> Iterator[None]:
    try:
        yield
    except FetchError as error:
        raise SendError(error.message) from None
    except AddressRefusedError:
        raise SendError(_INSIDE) from None
    except httpx2.TimeoutException:
        raise SendError("The receiver did not answer in time.") from None
    except httpx2.ProtocolError:
        raise SendError("The receiver broke off, or does not speak HTTP.") from None
    except httpx2.ProxyError:
        raise SendError("The proxy for outgoing requests does not let this through.") from None
    except httpx2.TransportError as error:
        raise SendError(_sentence(root_cause(error))) from None


def _sentence(cause: BaseException) -> str:
    if isinstance(cause, (socket.gaierror, UnicodeError)):
        return "There is no such host."
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "The receiver's certificate cannot be trusted."
    if isinstance(cause, ssl.SSLError):
        return "A secure connection to the receiver cannot be made."
    return "The receiver cannot be reached."
