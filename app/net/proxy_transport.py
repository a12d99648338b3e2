"""Requests that go through a proxy, and those that do not."""

import ssl

import httpcore2
import httpx2

from app.net.core import core_request, httpx2_errors, response_of
from app.net.outgoing_proxies import Proxies
from app.net.sockets import DeadlineBackend
from app.net.transport import IDLE_SECONDS, DeadlineTransport

_CONNECT_SECONDS = 5
_MOST_IDLE = 20


class ProxyTransport(httpx2.BaseTransport):
    """Sends each request through the proxy that is for it, or directly; raises `httpx2.TransportError`.

    What goes by https is tunnelled (CONNECT) and stays secret from the proxy; what goes by http is forwarded.
    The proxy resolves names itself. Where `backend` does not connect to all addresses, the addresses of a host
    are checked here first all the same, and `AddressRefusedError` is raised.
    """

    def __init__(self, backend: DeadlineBackend, ssl_context: ssl.SSLContext, proxies: Proxies) -> None:
        self._backend = backend
        self._ssl_context = ssl_context
        self._proxies = proxies
        self._direct = DeadlineTransport(backend, ssl_context)
        self._pools = {url: self._pool(url) for url in (proxies.http, proxies.https) if url}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response to `request`; closing it frees the connection for the next request."""
        asked = core_request(request)
        host, port = request.url.host, asked.url.origin.port
        proxy = self._proxies.proxy_for(request.url.scheme, host, port)
        if proxy is None:
            return self._direct.handle_request(request)
        with httpx2_errors():
            if self._backend.is_guarded:
                self._backend.checked_addresses(asked.url.host.decode("ascii"), port, _CONNECT_SECONDS)
            return response_of(self._pools[proxy].handle_request(asked), lambda: None)

    def close(self) -> None:
        """Close the idle connections."""
        self._direct.close()
        for pool in self._pools.values():
            pool.close()

    def _pool(self, url: str) -> httpcore2.HTTPProxy:
        proxy = httpx2.Proxy(url)
        at = proxy.url
        return httpcore2.HTTPProxy(
            httpcore2.URL(scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=at.raw_path),
            proxy_auth=proxy.raw_auth,
            ssl_context=self._ssl_context,
            proxy_ssl_context=self._ssl_context if at.scheme == "https" else None,
            max_connections=None,
            max_keepalive_connections=_MOST_IDLE,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=DeadlineBackend(),
        )
