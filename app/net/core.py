"""Between httpx2, whose clients are used, and httpcore2, which makes the connections under them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpcore2
import httpx2


class ProxyRefusedError(httpx2.ProxyError):
    """A proxy let nothing through; `strerror` is its status and reason."""

    def __init__(self, strerror: str) -> None:
        super().__init__("the proxy refused")
        self.strerror = strerror


def core_request(request: httpx2.Request) -> httpcore2.Request:
    """The request as httpcore2 takes it."""
    url = request.url
    return httpcore2.Request(
        request.method,
        httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def response_of(response: httpcore2.Response, closed: Callable[[], None]) -> httpx2.Response:
    """The response as httpx2 gives it; calls `closed` once it is done with."""
    body = _Body(response, closed)
    return httpx2.Response(response.status, headers=response.headers, stream=body, extensions=response.extensions)


@contextmanager
def httpx2_errors() -> Iterator[None]:
    """httpcore2's errors become httpx2's, which are those the openai client knows."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise httpx2.TimeoutException("timed out") from error
    except httpcore2.NetworkError as error:
        raise httpx2.NetworkError("the connection failed") from error
    except httpcore2.ProtocolError as error:
        raise httpx2.RemoteProtocolError("the server does not speak HTTP, or broke off") from error
    except httpcore2.ProxyError as error:
        raise ProxyRefusedError(str(error)) from None


class _Body(httpx2.SyncByteStream):
    """A response's bytes as they arrive."""

    def __init__(self, response: httpcore2.Response, closed: Callable[[], None]) -> None:
        self._response = response
        self._closed = closed

    def __iter__(self) -> Iterator[bytes]:
        with httpx2_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._closed()
