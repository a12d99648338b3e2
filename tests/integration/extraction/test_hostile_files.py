"""Files meant to do harm, cut off, or named for what they are not: each is refused with a reason, quickly."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import ExtractionError
from app.extraction.extractor import Extractor
from tests.fakes import files, hostile_files, pdf_files

TEXT = "# Prazos\nO prazo de entrega em Santos é de três dias úteis.\n" * 20
ROWS: files.Rows = [["Produto", "Preço", "Cor"], *([f"Camiseta {n}", f"R$ {n}", "azul"] for n in range(40))]
BROKEN = "damaged, or is not what the end of its name says"
COMPLICATED = "too large or too complicated"
NESTED = "nested too deeply"

Read = Callable[[str, bytes], str]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_upload(filename: str, data: bytes) -> str:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return Extractor(tmp_path / "scratch").extract(path, filename).text

    return read_upload


@pytest.fixture(scope="module")
def good() -> dict[str, bytes]:
    """A good file of each kind that is more than plain text."""
    page = files.pdf(TEXT)
    return {
        "pdf": files.pdf(*[TEXT] * 5),
        "docx": files.docx(TEXT),
        "pptx": files.pptx(TEXT),
        "xlsx": files.xlsx(A=ROWS),
        "odt": files.odt(TEXT),
        "ods": files.ods(A=ROWS),
        "epub": files.epub(TEXT, TEXT),
        "rtf": files.rtf(TEXT),
        "html": files.html(TEXT),
        "eml": files.eml(TEXT, attachments={"a.docx": files.docx(TEXT)}),
        "json": b'[{"produto": "Meia"}, {"produto": "Luva"}]',
        "png": pdf_files.picture(page, "PNG", dots_per_inch=72),
        "jpg": pdf_files.picture(page, "JPEG", dots_per_inch=72),
        "tif": pdf_files.picture(page, "TIFF", dots_per_inch=72),
        "webp": pdf_files.picture(page, "WEBP", dots_per_inch=72),
    }


@pytest.mark.parametrize("kind", hostile_files.ZIPPED)
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (hostile_files.zip_bomb, COMPLICATED),
        (hostile_files.lying_zip_bomb, BROKEN),
        (hostile_files.entity_bomb, COMPLICATED),
    ],
)
def test_bombs_are_refused(read: Read, kind: str, make: Callable[[str], bytes], sentence: str) -> None:
    with pytest.raises(ExtractionError, match=sentence):
        read(f"a.{kind}", make(kind))


@pytest.mark.parametrize("kind", hostile_files.ZIPPED)
def test_a_bomb_inside_a_document_is_left_alone(read: Read, kind: str) -> None:
    assert "O prazo de entrega" in read(f"a.{kind}", hostile_files.nested_zip_bomb(kind))


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx", "odt", "ods"])
def test_the_text_in_200_000_nested_tags_is_read(read: Read, kind: str) -> None:
    assert "O prazo de entrega" in read(f"a.{kind}", hostile_files.nested_document(kind))


def test_or_else_the_file_is_refused(read: Read) -> None:
    with pytest.raises(ExtractionError, match=NESTED):
        read("a.epub", hostile_files.nested_document("epub"))


@pytest.mark.parametrize(
    ("filename", "data", "sentence"),
    [
        ("entities.html", hostile_files.entity_bomb_html(), COMPLICATED),
        ("nested.html", hostile_files.nested_html(), NESTED),
        ("lists.json", b"[" * 200_000 + b"]" * 200_000, NESTED),
        ("objects.json", b'{"a":' * 200_000 + b"1" + b"}" * 200_000, NESTED),
        ("deep.json", b"[[" * 100 + b"1" + b"]]" * 100, NESTED),
        ("lists.html", b"<ul><li>" * 100_000 + b"fundo", NESTED),
        ("pages.pdf", hostile_files.million_pages(), "more pages than can be read"),
        (
            "parts.eml",
            b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 500 + b"--b--",
            COMPLICATED,
        ),
        ("number.json", b"1" * 10_000, BROKEN),
    ],
)
def test_other_harmful_files_are_refused(read: Read, filename: str, data: bytes, sentence: str) -> None:
    with pytest.raises(ExtractionError, match=sentence):
        read(filename, data)


@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx", "xlsx", "odt", "ods", "epub", "png", "jpg", "tif", "webp"])
def test_a_truncated_file_is_refused(read: Read, good: dict[str, bytes], kind: str) -> None:
    for share in (0.4, 0.8):
        with pytest.raises(ExtractionError, match=BROKEN):
            read(f"a.{kind}", good[kind][: int(len(good[kind]) * share)])


@pytest.mark.parametrize(
    ("filename", "data"),
    [
        ("a.html", files.html(TEXT)),
        ("a.txt", TEXT.encode()),
        ("a.rtf", files.rtf(TEXT)),
        ("a.eml", files.eml(TEXT)),
    ],
)
def test_what_is_left_of_a_truncated_text_is_read(read: Read, filename: str, data: bytes) -> None:
    assert "O prazo de entrega" in read(filename, data[: len(data) // 2])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("pdf", "docx"),
        ("pdf", "png"),
        ("png", "pdf"),
        ("png", "xlsx"),
        ("docx", "xlsx"),
        ("xlsx", "docx"),
        ("docx", "txt"),
        ("epub", "odt"),
        ("odt", "ods"),
        ("docx", "json"),
        ("docx", "csv"),
        ("jpg", "html"),
        ("pdf", "eml"),
        ("json", "rtf"),
        ("rtf", "json"),
        ("rtf", "txt"),
        ("html", "txt"),
        ("html", "csv"),
        ("json", "csv"),
        ("rtf", "epub"),
    ],
)
def test_an_ending_that_lies_is_found_out(read: Read, good: dict[str, bytes], content: str, name: str) -> None:
    with pytest.raises(ExtractionError, match=BROKEN):
        read(f"a.{name}", good[content])


@pytest.mark.parametrize("filename", ["a.csv", "a.txt", "a.json", "a.pdf", "a.docx", "a.png", "a.html"])
def test_a_gigabyte_of_nothing_is_refused(tmp_path: Path, filename: str) -> None:
    path = tmp_path / filename
    path.touch()
    os.truncate(path, 2**30)

    with pytest.raises(ExtractionError, match=rf"more text than|{COMPLICATED}|{BROKEN}"):
        Extractor(tmp_path / "scratch", max_memory_mb=512).extract(path, filename)


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_a_picture_of_billions_of_pixels_is_not_unpacked(read: Read) -> None:
    with pytest.raises(ExtractionError, match=COMPLICATED):
        read("a.png", hostile_files.picture_bomb())


def test_a_long_line_is_read_in_a_worker_that_may_fail(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;" * 12_000_000)

    with pytest.raises(ExtractionError, match=COMPLICATED):
        Extractor(tmp_path / "scratch", max_memory_mb=200).extract(path, path.name)


@pytest.mark.parametrize("make", [os.symlink, None], ids=["link", "folder"])
def test_what_is_no_file_of_its_own_is_not_opened(
    tmp_path: Path, make: Callable[[Path, Path], None] | None
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a senha do banco")
    path = tmp_path / "a.txt"
    if make:
        make(secret, path)
    else:
        path.mkdir()

    with pytest.raises(ExtractionError, match="cannot be opened"):
        Extractor(tmp_path / "scratch").extract(path, "a.txt")


def test_a_pipe_in_its_place_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")

    with pytest.raises(ExtractionError, match="cannot be opened"):
        Extractor(tmp_path / "scratch").extract(tmp_path / "a.txt", "a.txt")
