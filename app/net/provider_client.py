"""Requests to the providers of channels: within a time and a size, to checked addresses, without redirects."""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from app.domain.channels import ErrorAction, ProviderError
from app.domain.deadline import Deadline
from app.domain.errors import FetchError
from app.net.addresses import IPAddress
from app.net.client import open_client
from app.net.enforcement import enforced
from app.net.outgoing_proxies import DIRECT, Proxies
from app.net.own_addresses import allowed_addresses
from app.net.sockets import AddressRefusedError, Resolver, system_resolver
from app.net.urls import Target

_REQUEST_SECONDS = 20.0
# How many times as long a file may take.
_DOWNLOAD_FACTOR = 3
_MOST_ANSWER_BYTES = 4 * 1024 * 1024
_NO_CONNECTION = (httpx2.ProxyError, httpcore2.ConnectError, httpcore2.ConnectTimeout)


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """A provider's answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None where it is none, or is nested too deeply."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def retry_after(self) -> float | None:
        """In how many seconds it wants to be asked again, where it says so in seconds (RFC 9110, 10.2.3)."""
        said = self.headers.get("retry-after", "").strip()
        return float(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


class ProviderClient:
    """Asks a provider. With `allow_private` also one in a private network, and by http.

    What fails before the request was sent is a `ProviderError` to retry, what fails afterwards one to look into.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        timeout_seconds: float = _REQUEST_SECONDS,
        is_allowed: Callable[[IPAddress], bool] | None = None,
        resolve: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies = DIRECT,
    ) -> None:
        is_allowed = is_allowed or allowed_addresses(allow_private=allow_private)
        self._allow_http = allow_private
        self._timeout_seconds = timeout_seconds
        self._http_client = open_client(
            proxies, is_allowed=is_allowed, resolve=resolve, ssl_context=ssl_context, follow_redirects=False
        )

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        files: Any = None,
        fields: Mapping[str, str] | None = None,
    ) -> ProviderResponse:
        """Send JSON (`body`), a form with `files` and `fields`, or neither; the whole answer, whatever its status.

        Raises `ProviderError`.
        """
        content_of: dict[str, Any] = {"json": body, "files": files, "data": fields}
        with self._sent(method, url, headers, self._timeout_seconds, **content_of) as response:
            content = b"".join(_bounded(response, _MOST_ANSWER_BYTES))
            return ProviderResponse(response.status_code, dict(response.headers), content)

    def download(
        self, url: str, headers: Mapping[str, str], most_bytes: int, *, body: Any = None
    ) -> Iterator[bytes]:
        """The bytes of a file as they come; raises `ProviderError`, also when there are more than `most_bytes`.

        It is asked for by GET, or by POST with `body` as JSON, and may take a minute where a request may take 20
        seconds.
        """
        method, seconds = "GET" if body is None else "POST", _DOWNLOAD_FACTOR * self._timeout_seconds
        with self._sent(method, url, headers, seconds, json=body) as response:
            if not response.is_success:
                raise ProviderError(
                    ErrorAction.RETRY if response.status_code >= 500 else ErrorAction.FAIL,
                    f"http_{response.status_code}",
                    f"The file cannot be had: the provider answered with status {response.status_code}.",
                )
            yield from _bounded(response, most_bytes)

    @contextmanager
    def _sent(
        self, method: str, url: str, headers: Mapping[str, str] | None, seconds: float, **content: Any
    ) -> Iterator[httpx2.Response]:
        with _explained(), enforced(Deadline(seconds)):
            target = self._target(url)
            request = self._http_client.build_request(
                method,
                target.url.copy_with(host=target.host),
                headers={"Host": target.host_header, "User-Agent": "Orquestradora", **(headers or {})},
                **{name: value for name, value in content.items() if value is not None},
            )
            response = self._http_client.send(request, stream=True)
            try:
                yield response
            finally:
                response.close()

    def _target(self, url: str) -> Target:
        target = Target.of(url)
        if target.scheme != "https" and not self._allow_http:
            sentence = "The URL has to begin with https://, unless ALLOW_PRIVATE_CHANNELS is set."
            raise ProviderError(ErrorAction.PAUSE, "not_https", sentence)
        return target


def _bounded(response: httpx2.Response, most_bytes: int) -> Iterator[bytes]:
    size = 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > most_bytes:
            raise ProviderError(ErrorAction.FAIL, "too_large", f"The answer has more than {most_bytes:,} bytes.")
        yield piece


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except FetchError as error:
        raise ProviderError(ErrorAction.PAUSE, "url_refused", error.message) from None
    except AddressRefusedError:
        sentence = "The address is not on the public internet, and ALLOW_PRIVATE_CHANNELS is not set."
        raise ProviderError(ErrorAction.PAUSE, "address_refused", sentence) from None
    except (httpx2.RequestError, httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
        if _never_sent(error):
            raise ProviderError(ErrorAction.RETRY, "unreachable", "The provider cannot be reached.") from None
        sentence = "The provider broke off, or did not answer in time."
        raise ProviderError(ErrorAction.LOOK, "no_answer", sentence) from None


def _never_sent(error: BaseException | None) -> bool:
    """Whether there was no connection: our transport wraps httpcore2's errors, which alone tell."""
    while error is not None and not isinstance(error, _NO_CONNECTION):
        error = error.__cause__
    return error is not None
