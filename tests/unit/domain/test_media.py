import pytest

from app.domain.media import UNKNOWN_TYPE, content_type_of, without_marks

OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0AVI LIST", UNKNOWN_TYPE),
        (b"#!AMR\n", "audio/amr"),
        (b"\xff\xf1\x50", "audio/aac"),
        (b"OggS\0\x02", "audio/ogg"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"\0\0\0\x20ftypheic", "image/heic"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x01", "video/webm"),
        (b"fLaC\0", "audio/flac"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04....a.txt", "application/zip"),
        (b"PK\x03\x04....word/document.xml", OFFICE + "wordprocessingml.document"),
        (b"PK\x03\x04....xl/workbook.xml", OFFICE + "spreadsheetml.sheet"),
        (b"<script>", UNKNOWN_TYPE),
        (b"MZ\x90", UNKNOWN_TYPE),
        (b"", UNKNOWN_TYPE),
    ],
)
def test_the_type_is_told_from_the_bytes(head: bytes, content_type: str) -> None:
    assert content_type_of(head) == content_type


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tem esta?\n[áudio transcrito] Qual o prazo?", "Tem esta?\nQual o prazo?"),
        ("[imagem]\nQual é mais barata?", "Qual é mais barata?"),
        ("[imagem]", "[imagem]"),
        ("Oi", "Oi"),
    ],
)
def test_what_was_said_is_told_from_what_says_how_it_came(text: str, said: str) -> None:
    assert without_marks(text) == said
