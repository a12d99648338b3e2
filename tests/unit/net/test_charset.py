"""How the text of pages is encoded."""

import pytest

from app.net.charset import as_utf8


@pytest.mark.parametrize("charset", ["shift_jis", "Shift-JIS", '"utf-16-le"', "big5; x=y", "iso-8859-15"])
def test_a_text_becomes_utf8_by_the_encoding_the_server_names(charset: str) -> None:
    plain = charset.strip('"').partition(";")[0]
    text = "€ 10" if "8859" in plain else "中"

    assert as_utf8(text.encode(plain), f" charset={charset}").decode() == text


@pytest.mark.parametrize("charset", ["", "utf-8", "iso-8859-1", "punycode", "idna", "hex", "zlib", "ünï", "x\0y"])
def test_an_encoding_that_is_none_or_needs_no_telling_changes_nothing(charset: str) -> None:
    assert as_utf8("prazo é".encode(), f"charset={charset}") == "prazo é".encode()


def test_a_byte_order_mark_knows_better_than_the_server() -> None:
    assert as_utf8("\ufeffprazo é".encode(), "charset=shift_jis") == "\ufeffprazo é".encode()
