"""Which URLs are worth asking about, and what a request needs of them."""

import pytest

from app.domain.errors import FetchError
from app.net.urls import Target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "loja.com.br",
        "//loja.com.br/",
        "ftp://loja.com.br/",
        "file:///etc/passwd",
        "gopher://loja.com.br/",
        "javascript:alert(1)",
        "http://",
        "http:///caminho",
        "http://ana:senha@loja.com.br/",
        "http://ana@loja.com.br/",
        "http://loja.com.br\\@127.0.0.1/",
        "http://loja.com.br:22/",
        "http://loja.com.br:0/",
        "http://loja.com.br:65536/",
        "http://loja.com.br:x/",
        "http://１２７.0.0.1/",
        "http://ⓛocalhost/",
        "http://loja.com.br/\r\nHost: outra",
        "http://[::1/",
        "http://[v1.x]/",
        "http://../",
        "http://loja..br/",
        "http://loja.com.br/\ud800",
        "http://xn--é/",
        "http://loja.com.br/" + "x" * 2048,
    ],
)
def test_a_url_that_is_no_page_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(FetchError) as refused:
        Target.of(url)

    assert refused.value.code == "url_refused"
    assert refused.value.fields == {"url": [refused.value.message]}


def test_a_url_is_read_into_what_a_request_needs() -> None:
    target = Target.of(" https://Açaí.com.br.:8443/preço?q=á#seção ")

    assert (target.scheme, target.host, target.port) == ("https", "xn--aa-4iaz.com.br", 8443)
    assert target.path == b"/pre%C3%A7o?q=%C3%A1"
    assert target.host_header == "xn--aa-4iaz.com.br:8443"


def test_a_redirect_may_be_relative() -> None:
    assert Target.of("https://loja.com.br/a/b?c").redirected("../d").path == b"/d"


@pytest.mark.parametrize(
    "location", ["http://loja.com.br/", "ftp://loja.com.br/", "https://a:b@loja.com.br/", "http://[x", "//\ud800"]
)
def test_a_redirect_keeps_to_the_rules_for_urls(location: str) -> None:
    with pytest.raises(FetchError) as refused:
        Target.of("https://loja.com.br/").redirected(location)

    assert refused.value.code == "url_refused"
