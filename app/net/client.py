"""The HTTP client for everything that leaves the process: models, embeddings, pages."""

import ssl
from collections.abc import Callable
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2

from app.net.addresses import IPAddress
from app.net.outgoing_proxies import DIRECT, Proxies
from app.net.proxy_transport import ProxyTransport
from app.net.sockets import DeadlineBackend, Resolver, system_resolver

_CONNECT_SECONDS = 5
_LONGEST_SECONDS = 600


def open_client(
    proxies: Proxies = DIRECT,
    *,
    is_allowed: Callable[[IPAddress], bool] | None = None,
    resolve: Resolver = system_resolver,
    ssl_context: ssl.SSLContext | None = None,
    follow_redirects: bool = True,
) -> httpx2.Client:
    """A client for all threads, to be used within `enforced(deadline)`; it keeps connections and no cookies.

    `is_allowed` decides to which addresses it connects (None: to all); `AddressRefusedError` is raised for the
    others, also where a proxy would connect. Everything else that fails is an `httpx2.TransportError`. Of the
    environment only `SSL_CERT_FILE` and `SSL_CERT_DIR` are read.
    """
    backend = DeadlineBackend(is_allowed, resolve)
    return httpx2.Client(
        transport=ProxyTransport(backend, ssl_context or public_authorities(), proxies),
        timeout=httpx2.Timeout(_LONGEST_SECONDS, connect=_CONNECT_SECONDS),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=follow_redirects,
        trust_env=False,
    )


@cache
def public_authorities() -> ssl.SSLContext:
    """Checks certificates against the authorities of `SSL_CERT_FILE` and `SSL_CERT_DIR`, or else the usual ones.

    Shared by all clients, as these take 30 ms to read.
    """
    return httpx2.create_ssl_context()
