"""Text files in the encodings that Brazilian offices really send."""

import codecs

import pytest

from app.extraction.decoding import decode, is_text

TEXT = "Devolução: até 30 dias após o recebimento. São Paulo, açaí, “aspas” e € 5."


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    ],
    ids=["utf-8", "utf-8 bom", "cp1252", "utf-16", "le", "be", "be bom", "utf-32 le bom", "utf-32 be bom"],
)
def test_decodes_to_the_same_text(data: bytes) -> None:
    assert is_text(data)
    assert decode(data) == TEXT


def test_bytes_that_cp1252_does_not_define_are_replaced() -> None:
    assert decode(b"a\xe7\xe3o \x81\x8d") == "ação ��"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("配送は三日です。返品は三十日以内にお願いします。Tシャツ 50円", "shift_jis"),
        ("配送は三日です。返品は三十日以内にお願いします。Tシャツ 50円", "euc_jp"),
        ("本店的送货时间为三天，T恤价格是五十元。", "gbk"),
        ("AÇÃO: DEVOLUÇÃO ATÉ 30 DIAS", "cp1252"),
        ("ÀÉÍÓÚÇÃÕ", "cp1252"),
        ("É", "cp1252"),
        ("“São João” – não é só açaí… R$ 5", "cp1252"),
        ("Über Größe, naïve Straße, señor, où", "cp1252"),
    ],
)
def test_east_asian_encodings_are_told_from_those_of_the_west(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    assert decode((f"{text} " * 4000).encode(encoding)) == f"{text} " * 4000


def test_half_a_character_at_the_end_of_utf16_is_replaced() -> None:
    assert decode("ação".encode("utf-16") + b"\x41") == "ação�"


def test_a_single_nul_does_not_make_utf16_of_utf8() -> None:
    assert decode(b"pre\x00co") == "pre\x00co"
    assert is_text(b"O pre\xc3\xa7o \xc3\xa9 de cinquenta reais, \x00 e o frete custa mais dez reais.")


def test_emoji_and_other_alphabets_are_text() -> None:
    data = "Olá 👋🏽 Привет 你好".encode()

    assert is_text(data)
    assert decode(data) == "Olá 👋🏽 Привет 你好"


@pytest.mark.parametrize("data", [b"", b"x"])
def test_next_to_nothing_is_text(data: bytes) -> None:
    assert is_text(data)
    assert decode(data) == data.decode()


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04" + b"a" * 100,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0JFIF",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(range(256)) * 20,
        bytes(1000),
    ],
    ids=["pdf", "zip", "png", "jpeg", "old office", "all bytes", "nuls"],
)
def test_other_files_are_no_text(data: bytes) -> None:
    assert not is_text(data)
