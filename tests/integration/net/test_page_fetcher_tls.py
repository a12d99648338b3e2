"""Pages over https: the certificate has to be good, and to bear the name of the URL."""

import socket
import ssl
from pathlib import Path

import pytest

from app.domain.errors import FetchError
from app.net.page_fetcher import PageFetcher
from tests.fakes.certificates import self_signed
from tests.fakes.web_server import WebServer, redirect, reply

PAGES = {"/": reply(b"Prazo de entrega", "text/plain"), "/down": redirect("http://loja.example/")}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls") / "both.pem", "loja.example")


def server_with(certificate: Path) -> WebServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return WebServer(PAGES, tls=context)


def fetcher_that_trusts(certificate: Path | None) -> PageFetcher:
    trusted = ssl.create_default_context(cafile=certificate) if certificate else None
    return PageFetcher(
        1000, 30, is_allowed=lambda _: True, resolve=lambda host, port: ["127.0.0.9"], ssl_context=trusted
    )


def test_a_page_comes_from_a_server_whose_name_is_certified(certificate: Path) -> None:
    with server_with(certificate) as server:
        page = fetcher_that_trusts(certificate).fetch(server.url(host="loja.example."))

    assert page.content == b"Prazo de entrega"


@pytest.mark.parametrize(
    ("trusted", "host"), [(False, "loja.example"), (True, "outra.example"), (True, "127.0.0.9")]
)
def test_a_certificate_nobody_trusts_or_of_another_name_is_refused(
    certificate: Path, trusted: bool, host: str
) -> None:
    with server_with(certificate) as server, pytest.raises(FetchError) as failed:
        fetcher_that_trusts(certificate if trusted else None).fetch(server.url(host=host))

    assert (failed.value.code, server.requests) == ("fetch_failed", [])
    assert "certificate" in failed.value.message


def test_a_page_is_not_fetched_without_tls_after_a_redirect(certificate: Path) -> None:
    with server_with(certificate) as server, pytest.raises(FetchError) as failed:
        fetcher_that_trusts(certificate).fetch(server.url("/down", "loja.example"))

    assert failed.value.code == "url_refused"


def test_a_server_without_tls_is_no_https_server(certificate: Path) -> None:
    with WebServer(PAGES) as server, pytest.raises(FetchError) as failed:
        fetcher_that_trusts(certificate).fetch(server.url(host="loja.example").replace("http:", "https:"))

    assert failed.value.code == "fetch_failed"


def test_a_handshake_that_never_ends_is_left_when_the_time_is_over() -> None:
    fetcher = PageFetcher(1000, 0.3, is_allowed=lambda _: True)
    with socket.create_server(("127.0.0.9", 0)) as silent, pytest.raises(FetchError) as failed:
        fetcher.fetch(f"https://127.0.0.9:{silent.getsockname()[1]}/")

    assert failed.value.code == "fetch_timeout"
