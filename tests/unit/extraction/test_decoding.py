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
    assert decode(data) == (TEXT, None)


def test_bytes_that_cp1252_does_not_define_are_replaced() -> None:
    assert decode(b"a\xe7\xe3o \x81\x8d").text == "ação ��"


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
    assert decode(text.encode(encoding)).text == text
    assert decode((f"{text} " * 4000).encode(encoding)).text == f"{text} " * 4000


def test_half_a_character_at_the_end_of_utf16_is_replaced() -> None:
    assert decode("ação".encode("utf-16") + b"\x41").text == "ação�"


def test_a_single_nul_does_not_make_utf16_of_utf8() -> None:
    assert decode(b"pre\x00co").text == "pre\x00co"
    assert is_text(b"O pre\xc3\xa7o \xc3\xa9 de cinquenta reais, \x00 e o frete custa mais dez reais.")


def test_emoji_and_other_alphabets_are_text() -> None:
    data = "Olá 👋🏽 Привет 你好".encode()

    assert is_text(data)
    assert decode(data).text == "Olá 👋🏽 Привет 你好"


@pytest.mark.parametrize("data", [b"", b"x"])
def test_next_to_nothing_is_text(data: bytes) -> None:
    assert is_text(data)
    assert decode(data).text == data.decode()


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


PORTUGUESE = (
    "Política de trocas: a devolução é grátis em até 30 dias. Não cobramos peças com defeito.",
    "CÓDIGO;DESCRIÇÃO;PREÇO\n001;AÇÚCAR UNIÃO;4,99\n002;FEIJÃO;7,50\n003;PÃO;1,00",
    "Atendemos de 2ª a 6ª, das 8h às 18h, no 10º andar. Café, pão, açaí e maçã a R$ 5.",
    "nome;preço;descrição\nCafé;9,90;moído\nPão;1,50;francês\nÁgua;2,00;com gás",
)


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman", "iso8859-1"])
@pytest.mark.parametrize("text", PORTUGUESE)
def test_portuguese_of_before_unicode_is_told_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, None)
    assert decode((f"{text}\n" * 500).encode(encoding)) == (f"{text}\n" * 500, None)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Доставка занимает три дня. Возврат в течение 30 дней.", "cp1251"),
        ("El envío tarda tres días. ¿Cuánto cuesta? Señor, mañana, año.", "cp850"),
    ],
)
def test_other_languages(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("data", [b"\xc9", "R$ 5 \x82".encode("latin-1")])
def test_a_text_too_short_to_tell_its_encoding_is_told(data: bytes) -> None:
    assert "does not tell its encoding" in (decode(data).warning or "")


@pytest.mark.parametrize("bad", [b"\xff", b"\xe3", b"\xc3"])
def test_a_bad_byte_in_utf8_costs_one_character(bad: bytes) -> None:
    data = f"{TEXT}\n{TEXT}".encode().replace(b"30 dias", b"30 " + bad + b" dias", 1)

    text, warning = decode(data)
    assert text == f"{TEXT}\n{TEXT}".replace("30 dias", "30 \ufffd dias", 1)
    assert warning == "Characters that could not be read: 1, in line 1. Save the file as UTF-8."


def test_lines_with_bad_bytes_are_named_up_to_a_few() -> None:
    data = "é ã ç\n".encode() * 10

    text, warning = decode(data.replace("ç".encode(), b"\xe7"))
    assert text == "é ã �\n" * 10
    assert warning is not None
    assert "could not be read: 10, in line 1, 2, 3, 4, 5, …." in warning


def test_a_replacement_mark_of_the_text_itself_is_no_bad_byte() -> None:
    assert decode("ação � fim".encode()) == ("ação � fim", None)


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("preço – 5".encode("cp1252"), "iso-8859-1", "preço – 5"),
        ("ação".encode(), "iso-8859-1", "ação"),
        ("Łódź".encode("iso8859-2"), "ISO-8859-2", "Łódź"),
        ("ação".encode("cp1252"), "utf-8", "ação"),
        ("ação".encode("cp1252"), "no such encoding", "ação"),
    ],
    ids=["means cp1252", "utf-8 counts for more", "legacy", "wrong", "unknown"],
)
def test_the_encoding_a_file_names(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared).text == text
