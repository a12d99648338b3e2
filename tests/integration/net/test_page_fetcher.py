"""Fetching pages from servers on real sockets, honest ones and hostile ones."""

import gzip
import os
import socket
import time
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

import pytest

from app.domain.errors import FetchError
from app.net.addresses import IPAddress
from app.net.page_fetcher import PageFetcher
from tests.fakes.web_server import WebServer, redirect, reply

ADDRESS = "127.0.0.9"
MOST_BYTES = 100_000
HTML = "<h1>Prazo de entrega</h1><p>5 dias úteis.</p>".encode()


def only_the_server(address: IPAddress) -> bool:
    return address == ip_address(ADDRESS)


class Names:
    """A resolver that gives one answer after another and counts how often it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers: Iterator[Sequence[str]] = iter(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return next(self._answers)


@pytest.fixture(scope="module")
def fetcher() -> PageFetcher:
    return PageFetcher(MOST_BYTES, 30, is_allowed=only_the_server)


def code_of(fetcher: PageFetcher, url: str) -> str:
    with pytest.raises(FetchError) as failed:
        fetcher.fetch(url)
    assert ADDRESS not in failed.value.message
    return failed.value.code


def test_a_page_comes_with_its_type_and_a_name(fetcher: PageFetcher) -> None:
    with WebServer({"/prazos?q=1": reply(HTML, "Text/HTML; charset=utf-8")}) as server:
        page = fetcher.fetch(server.url("/prazos?q=1#entrega"))

    assert (page.content, page.content_type) == (HTML, "text/html")
    assert page.url == page.final_url == server.url("/prazos?q=1")
    assert page.filename.startswith("127.0.0.9_prazos-")
    assert page.filename.endswith(".html")
    assert f"Host: {ADDRESS}:{server.port}" in server.requests[0]
    assert "Cookie" not in server.requests[0]


def test_redirects_are_followed_and_the_name_stays(fetcher: PageFetcher) -> None:
    pages = {"/a": redirect("/b", "301 Moved Permanently"), "/b": redirect("c?d"), "/c?d": reply(HTML)}
    with WebServer(pages) as server:
        page = fetcher.fetch(server.url("/a"))

    assert (page.content, page.url, page.final_url) == (HTML, server.url("/a"), server.url("/c?d"))
    assert "_a" in page.filename


def test_a_redirect_may_have_accents_that_nobody_escaped(fetcher: PageFetcher) -> None:
    with WebServer({"/": redirect("/preço"), "/pre%C3%A7o": reply(HTML)}) as server:
        assert fetcher.fetch(server.url()).content == HTML


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://localhost:{port}/",
        "http://localhost.:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:127.0.0.9]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://0.0.0.0:{port}/",
        "//127.0.0.1:{port}/",
        "ftp://127.0.0.9/",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_to_an_address_inside_is_refused(fetcher: PageFetcher, location: str) -> None:
    pages: dict[str, bytes] = {}
    with WebServer(pages) as server:
        pages["/"] = redirect(location.format(port=server.port))
        assert code_of(fetcher, server.url()) == "url_refused"

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.9", "127.1", "0x7f000009", "[::1]", "localhost", "localhost."]
)
def test_nothing_inside_is_fetched_unless_a_test_allows_it(host: str) -> None:
    with WebServer({"/": reply(HTML)}, host="127.0.0.9") as server:
        assert code_of(PageFetcher(MOST_BYTES, 30), server.url(host=host)) == "url_refused"

    assert server.requests == []


def test_a_name_that_resolves_anew_to_an_address_inside_gains_nothing() -> None:
    names = Names([ADDRESS], ["127.0.0.1"])
    fetcher = PageFetcher(MOST_BYTES, 30, is_allowed=only_the_server, resolve=names)
    with WebServer({"/": reply(HTML), "/again": redirect("/")}) as server:
        assert fetcher.fetch(server.url(host="loja.example")).content == HTML
        assert names.asked == ["loja.example"]
        assert f"Host: loja.example:{server.port}" in server.requests[0]
        assert code_of(fetcher, server.url("/again", "loja.example")) == "url_refused"

    assert len(server.requests) == 1


def test_each_hop_is_resolved_and_checked_again() -> None:
    names = Names([ADDRESS], ["127.0.0.1"])
    fetcher = PageFetcher(MOST_BYTES, 30, is_allowed=only_the_server, resolve=names)
    with WebServer({"/again": redirect("/")}) as server:
        assert code_of(fetcher, server.url("/again", "loja.example")) == "url_refused"

    assert (len(server.requests), names.asked) == (1, ["loja.example"] * 2)


def test_a_host_with_one_address_inside_is_refused_as_a_whole() -> None:
    fetcher = PageFetcher(MOST_BYTES, 30, is_allowed=only_the_server, resolve=Names([ADDRESS, "127.0.0.1"]))
    with WebServer({"/": reply(HTML)}) as server:
        assert code_of(fetcher, server.url(host="loja.example")) == "url_refused"


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    both = Names(["127.0.0.8", ADDRESS])
    fetcher = PageFetcher(MOST_BYTES, 30, is_allowed=lambda _: True, resolve=both)
    with WebServer({"/": reply(HTML)}) as server:
        assert fetcher.fetch(server.url(host="loja.example")).content == HTML


def test_redirects_come_to_an_end(fetcher: PageFetcher) -> None:
    with WebServer({"/": redirect("/")}) as server:
        assert code_of(fetcher, server.url()) == "fetch_failed"

    assert len(server.requests) == 6


def drip(head: bytes, byte: bytes, connection: socket.socket, server: WebServer) -> None:
    connection.sendall(head)
    while not server.closed.wait(0.02):
        connection.sendall(byte)


@pytest.mark.parametrize(
    ("head", "byte"),
    [
        (reply(Content_Length=MOST_BYTES), b"x"),
        (reply(Content_Length=None), b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
    ids=["body", "endless body", "headers", "never the answer", "silence"],
)
def test_a_server_that_drips_is_left_when_the_time_is_over(head: bytes, byte: bytes) -> None:
    with WebServer({}) as server:
        server.pages = {"/": lambda connection: drip(head, byte, connection, server)}
        started = time.monotonic()
        assert code_of(PageFetcher(MOST_BYTES, 0.3, is_allowed=only_the_server), server.url()) == "fetch_timeout"

    assert time.monotonic() - started < 20


def test_redirects_share_the_time() -> None:
    def slow(connection: socket.socket) -> None:
        server.closed.wait(0.15)
        connection.sendall(redirect("/"))

    with WebServer({"/": slow}) as server:
        assert code_of(PageFetcher(MOST_BYTES, 0.4, is_allowed=only_the_server), server.url()) == "fetch_timeout"


def test_a_resolver_that_hangs_is_left_when_the_time_is_over() -> None:
    with WebServer({}) as server:

        def hang(host: str, port: int) -> Sequence[str]:
            server.closed.wait(60)
            return [ADDRESS]

        assert code_of(PageFetcher(MOST_BYTES, 0.2, resolve=hang), "http://loja.example/") == "fetch_timeout"


def test_a_name_that_does_not_exist_is_said_to_be_none() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert code_of(PageFetcher(MOST_BYTES, 30, resolve=unknown), "http://loja.example/") == "fetch_failed"
    assert code_of(PageFetcher(MOST_BYTES, 30), f"http://{'x' * 70}.example/") == "fetch_failed"


@pytest.mark.parametrize("length", [MOST_BYTES + 1, None, 10**15])
def test_a_page_that_is_too_large_is_not_read_to_its_end(fetcher: PageFetcher, length: int | None) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(reply(Content_Length=length))
        while not server.closed.is_set():
            connection.sendall(b"x" * 4096)

    with WebServer({"/": endless}) as server:
        assert code_of(fetcher, server.url()) == "page_too_large"


def test_a_page_may_be_as_large_as_the_limit(fetcher: PageFetcher) -> None:
    with WebServer({"/": reply(b"x" * MOST_BYTES)}) as server:
        assert len(fetcher.fetch(server.url()).content) == MOST_BYTES


def test_a_compressed_page_is_unpacked(fetcher: PageFetcher) -> None:
    members = gzip.compress(HTML[:10]) + gzip.compress(HTML[10:])
    with WebServer({"/": reply(members, Content_Encoding="gzip")}) as server:
        assert fetcher.fetch(server.url()).content == HTML


def test_a_text_comes_in_utf8_if_its_server_says_how_it_is_encoded(fetcher: PageFetcher) -> None:
    japanese = reply("送料".encode("shift_jis"), "text/plain; charset=Shift_JIS")
    with WebServer({"/": japanese}) as server:
        assert fetcher.fetch(server.url()).content.decode() == "送料"


def test_a_gzip_bomb_is_too_large(fetcher: PageFetcher) -> None:
    bomb = gzip.compress(bytes(50_000_000), 9)
    assert len(bomb) < MOST_BYTES
    with WebServer({"/": reply(bomb, Content_Encoding="gzip")}) as server:
        assert code_of(fetcher, server.url()) == "page_too_large"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply(HTML, status="404 Not Found"), "fetch_failed"),
        (reply(HTML, status="206 Partial Content"), "fetch_failed"),
        (reply(HTML, status="500 Internal Server Error"), "fetch_failed"),
        (reply(status="302 Found"), "fetch_failed"),
        (reply(b"\x89PNG", "image/png"), "page_type"),
        (reply(b""), "page_empty"),
        (reply(b" \r\n\t"), "page_empty"),
        (reply(gzip.compress(b""), Content_Encoding="gzip"), "page_empty"),
        (reply(gzip.compress(HTML)[:-9], Content_Encoding="gzip"), "fetch_failed"),
        (reply(b"no gzip", Content_Encoding="gzip"), "fetch_failed"),
        (reply(HTML, Content_Encoding="br"), "fetch_failed"),
        (reply(HTML, Content_Length=len(HTML) + 1), "fetch_failed"),
        (reply(HTML, X_Long="x" * 200_000), "fetch_failed"),
        (b"220 mail.example ESMTP\r\n", "fetch_failed"),
        (b"", "fetch_failed"),
    ],
)
def test_what_is_no_page_is_an_error(fetcher: PageFetcher, answer: bytes, code: str) -> None:
    with WebServer({"/": answer}) as server:
        assert code_of(fetcher, server.url()) == code


def test_a_server_that_is_not_there_is_an_error(fetcher: PageFetcher) -> None:
    with WebServer({}) as server:
        url = server.url()

    assert code_of(fetcher, url) == "fetch_failed"


def test_proxies_of_the_environment_are_not_used(fetcher: PageFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    with WebServer({}) as proxy, WebServer({"/": reply(HTML)}) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        assert fetcher.fetch(server.url()).content == HTML

    assert proxy.requests == []


def test_a_page_is_fetched_over_ipv6() -> None:
    if not socket.has_ipv6 or not os.path.exists("/proc/net/if_inet6"):  # noqa: PTH110
        pytest.skip("no IPv6 here")
    fetcher = PageFetcher(MOST_BYTES, 30, is_allowed=lambda address: address == ip_address("::1"))
    with WebServer({"/": reply(HTML)}, host="::1") as server:
        assert fetcher.fetch(server.url()).content == HTML

    assert f"Host: [::1]:{server.port}" in server.requests[0]
