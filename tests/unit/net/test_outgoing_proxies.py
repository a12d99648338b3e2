import pytest

from app.net.outgoing_proxies import DIRECT, Proxies

PROXY, SECURE = "http://proxy:3128", "http://proxy:3129"


def is_direct(exception: str, host: str, port: int = 443) -> bool:
    return Proxies(https=SECURE, exceptions=(exception,)).proxy_for("https", host, port) is None


def test_each_scheme_has_its_proxy() -> None:
    proxies = Proxies(PROXY, SECURE)

    assert proxies.proxy_for("http", "api.example.com", 80) == PROXY
    assert proxies.proxy_for("https", "api.example.com", 443) == SECURE
    assert Proxies(https=SECURE).proxy_for("http", "api.example.com", 80) is None
    assert DIRECT.proxy_for("https", "api.example.com", 443) is None


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_this_machine_is_never_reached_through_a_proxy(host: str) -> None:
    assert Proxies(PROXY, SECURE).proxy_for("http", host, 80) is None


@pytest.mark.parametrize(
    ("exception", "host"),
    [
        ("*", "api.example.com"),
        ("example.com", "example.com"),
        ("example.com", "api.example.com"),
        ("EXAMPLE.com.", "api.example.COM."),
        (".example.com", "api.example.com"),
        (".example.com", "example.com"),
        ("*.example.com", "api.example.com"),
        (" example.com ", "example.com"),
        ("example.com:443", "api.example.com"),
        ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.0/8", "10.1.2.3"),
        ("10.0.0.1/8", "10.1.2.3"),
        ("10.0.0.1:443", "10.0.0.1"),
        ("fd00::1", "fd00::1"),
        ("fd00::/8", "fd00::1"),
        ("[fd00::1]:443", "fd00::1"),
        ("ollama", "ollama"),
    ],
)
def test_an_exception_is_reached_without_a_proxy(exception: str, host: str) -> None:
    assert is_direct(exception, host)


@pytest.mark.parametrize(
    ("exception", "host"),
    [
        ("", "api.example.com"),
        (".", "api.example.com"),
        ("example.com", "notexample.com"),
        ("example.com", "example.com.br"),
        ("example.com:8443", "example.com"),
        ("10.0.0.1", "10.0.0.11"),
        ("10.0.0.0/8", "11.0.0.1"),
        ("10.0.0.0/99", "10.0.0.1"),
        ("fd00::1", "fd00::2"),
    ],
)
def test_other_hosts_are_reached_through_the_proxy(exception: str, host: str) -> None:
    assert not is_direct(exception, host)


def test_a_password_does_not_show_when_printed() -> None:
    assert "secret" not in repr(Proxies("http://ana:secret@proxy:3128", "http://ana:secret@proxy:3128"))
