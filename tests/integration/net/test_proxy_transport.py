"""Requests through a proxy on a real socket."""

import ssl
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import httpx2
import pytest

from app.domain.deadline import Deadline
from app.domain.errors import FetchError
from app.net.client import open_client
from app.net.core import ProxyRefusedError
from app.net.enforcement import enforced
from app.net.outgoing_proxies import Proxies
from app.net.page_fetcher import PageFetcher
from app.net.sockets import AddressRefusedError
from tests.fakes.certificates import self_signed
from tests.fakes.proxy import Proxy
from tests.fakes.web_server import WebServer, reply

SHOP = "loja.example"
PAGES = {"/prazos?q=1": reply(b"5 dias", "text/plain"), "/": reply(b"Oi", "text/plain")}
HOSTS = {SHOP: "127.0.0.9"}


def through(proxy: Proxy, *exceptions: str) -> Proxies:
    return Proxies(proxy.url, proxy.url, exceptions)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls") / "shop.pem", SHOP)


@pytest.fixture
def secured(certificate: Path) -> Callable[[], WebServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return lambda: WebServer(PAGES, tls=context)


def test_http_is_forwarded_and_the_proxy_resolves_the_name() -> None:
    with Proxy(HOSTS) as proxy, WebServer(PAGES) as server, open_client(through(proxy)) as client:
        url = server.url("/prazos?q=1", SHOP)
        assert client.get(url).text == "5 dias"

    assert proxy.requests == [f"GET {url} HTTP/1.1"]
    assert f"Host: {SHOP}:{server.port}" in server.requests[0]


def test_https_is_tunnelled_and_the_certificate_is_the_servers(
    secured: Callable[[], WebServer], certificate: Path
) -> None:
    trusted = ssl.create_default_context(cafile=certificate)
    with Proxy(HOSTS) as proxy, secured() as server:
        with open_client(through(proxy), ssl_context=trusted) as client:
            assert client.get(server.url("/prazos?q=1", SHOP)).text == "5 dias"
        with open_client(through(proxy)) as client, pytest.raises(httpx2.TransportError):
            client.get(server.url("/", SHOP))

    assert proxy.requests == [f"CONNECT {SHOP}:{server.port} HTTP/1.1"] * 2


def test_exceptions_and_this_machine_are_reached_directly() -> None:
    with Proxy() as proxy, WebServer(PAGES) as server, open_client(through(proxy, SHOP)) as client:
        assert client.get(server.url()).text == "Oi"
        with pytest.raises(httpx2.NetworkError):  # this machine cannot resolve the name
            client.get(server.url("/", SHOP))

    assert proxy.requests == []


def test_credentials_go_to_the_proxy_and_not_to_the_server(
    secured: Callable[[], WebServer], certificate: Path
) -> None:
    trusted = ssl.create_default_context(cafile=certificate)
    with Proxy(HOSTS, credentials="ana:se%40gredo") as proxy, WebServer(PAGES) as plain, secured() as server:
        proxy_url = proxy.url
        proxy.credentials = "ana:se@gredo"
        with open_client(Proxies(proxy_url, proxy_url), ssl_context=trusted) as client:
            assert client.get(plain.url("/", SHOP)).text == "Oi"
            assert client.get(server.url("/", SHOP)).text == "Oi"

    assert "Proxy-Authorization" not in server.requests[0] + plain.requests[0]


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
def test_a_proxy_that_refuses_a_tunnel_is_told(status: str) -> None:
    with (
        Proxy(refusal=status) as proxy,
        open_client(through(proxy)) as client,
        pytest.raises(ProxyRefusedError) as raised,
    ):
        client.get(f"https://{SHOP}/")

    assert raised.value.strerror == status


def test_the_deadline_holds_for_a_proxy_that_hangs() -> None:
    with (
        Proxy(hangs=True) as proxy,
        open_client(through(proxy)) as client,
        enforced(Deadline(0.3)),
        pytest.raises(httpx2.TimeoutException),
    ):
        client.get(f"https://{SHOP}/")


def test_a_proxy_that_is_not_there_is_a_lost_connection() -> None:
    with Proxy() as proxy:
        proxies = through(proxy)
    with open_client(proxies) as client, pytest.raises(httpx2.NetworkError):
        client.get(f"https://{SHOP}/")


def test_addresses_are_checked_before_the_proxy_is_asked() -> None:
    with (
        Proxy(HOSTS) as proxy,
        WebServer(PAGES) as server,
        open_client(
            through(proxy),
            is_allowed=lambda address: address == ip_address("127.0.0.9"),
            resolve=lambda host, port: ["127.0.0.9" if host == SHOP else "10.0.0.1"],
        ) as client,
    ):
        assert client.get(server.url("/", SHOP)).text == "Oi"
        for inside in ("http://intranet.example/", "https://intranet.example/", "http://10.0.0.1/"):
            with pytest.raises(AddressRefusedError):
                client.get(inside)

    assert len(proxy.requests) == 1


def test_a_page_comes_through_a_proxy_unless_its_address_is_inside() -> None:
    with Proxy(HOSTS) as proxy, WebServer(PAGES) as server:
        fetcher = PageFetcher(
            1000,
            30,
            is_allowed=lambda address: address == ip_address("127.0.0.9"),
            resolve=lambda host, port: ["127.0.0.9" if host == SHOP else "10.0.0.1"],
            proxies=through(proxy),
        )
        assert fetcher.fetch(server.url("/prazos?q=1", SHOP)).content == b"5 dias"
        with pytest.raises(FetchError) as refused:
            fetcher.fetch("http://intranet.example/")

    assert refused.value.code == "url_refused"
    assert len(proxy.requests) == 1


def test_a_page_that_the_proxy_refuses_is_an_error_that_says_so() -> None:
    with Proxy(refusal="403 Forbidden") as proxy:
        fetcher = PageFetcher(
            1000, 30, is_allowed=lambda _: True, resolve=lambda *_: ["127.0.0.9"], proxies=through(proxy)
        )
        with pytest.raises(FetchError, match="proxy") as refused:
            fetcher.fetch(f"https://{SHOP}/")

    assert refused.value.code == "fetch_failed"
