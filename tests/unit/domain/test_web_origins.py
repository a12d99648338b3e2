"""Origins as browsers write them."""

import pytest

from app.domain.web_origins import as_origin, origins_in


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://www.loja.example", "https://www.loja.example"),
        ("HTTPS://WWW.Loja.Example/", "https://www.loja.example"),
        ("https://loja.example:443", "https://loja.example"),
        ("http://loja.example:80", "http://loja.example"),
        ("https://loja.example:80", "https://loja.example:80"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://pão.example", "https://xn--po-sia.example"),
    ],
)
def test_an_origin_is_written_as_browsers_do(written: str, origin: str) -> None:
    assert as_origin(written) == origin
    assert as_origin(origin) == origin


@pytest.mark.parametrize(
    "text",
    [
        *("", "*", "null", "loja.example", "https://", "https://*.loja.example", "ftp://loja.example", "file:///x"),
        *(
            "https://loja.example/loja",
            "https://loja.example?x",
            "https://loja.example#x",
            "https://a@loja.example",
        ),
        *("https://loja.example:0", "https://loja.example:99999", "https://loja.example:x", "https://a b.example"),
        *("https://" + "a" * 64 + ".example", "https://[::1", "javascript:alert(1)", "https://loja.example\\@evil"),
    ],
)
def test_what_is_no_origin(text: str) -> None:
    assert as_origin(text) is None


def test_a_list_is_written_with_commas_blanks_or_lines() -> None:
    assert origins_in("https://a.example, https://b.example\n https://a.example\r\n") == (
        "https://a.example",
        "https://b.example",
    )
    assert origins_in(" \n,") == ()
