"""Which addresses are of the public internet, and which URLs are worth asking about."""

from ipaddress import ip_address

import pytest

from app.domain.errors import FetchError
from app.net.addresses import is_public
from app.net.urls import Target


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a9fe:a9fe",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "191.252.4.1",
        "2606:4700:4700::1111",
        "2804:14c::1",
    ],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


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
