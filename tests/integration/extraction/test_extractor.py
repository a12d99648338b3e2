"""Real files through real workers: every format, and every way in which a file can be bad."""

import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from app.domain.errors import DiskFullError, ExtractionError
from app.domain.file_text import FileText
from app.extraction.extractor import Extractor
from app.extraction.formats import SUPPORTED, is_supported
from app.knowledge.chunking import split
from tests.fakes import files, hostile_files

TEXT = """# Prazos de entrega
A entrega em São Paulo leva três dias úteis; o açaí não é refrigerado.
# Devolução
O cliente tem até 30 dias após o recebimento, com a nota fiscal.
"""
ROWS: files.Rows = [["Produto", "Preço", "Cor"], ["Camiseta São João", "R$ 50", "azul"], ["Calção", 79.9, None]]

Read = Callable[[str, bytes], str]


@pytest.fixture
def extractor(tmp_path: Path) -> Extractor:
    return Extractor(tmp_path / "scratch")


@pytest.fixture
def read(extractor: Extractor, tmp_path: Path) -> Read:
    """Extract the text from an upload of this name with these bytes."""

    def read_upload(filename: str, data: bytes) -> str:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return extractor.extract(path, filename).text

    return read_upload


@pytest.mark.parametrize(
    ("filename", "data"),
    [
        ("a.pdf", files.pdf(TEXT)),
        ("a.PDF", hostile_files.encrypted_pdf(TEXT, password="")),
        ("a.docx", files.docx(TEXT)),
        ("a.pptx", files.pptx(TEXT)),
        ("a.odt", files.odt(TEXT)),
        ("a.epub", files.epub(TEXT)),
        ("a.html", files.html(TEXT)),
        ("a.htm", files.html(TEXT, "cp1252")),
        ("utf16.html", files.html(TEXT, "utf-16")),
        ("a.md", TEXT.encode()),
        ("a.txt", TEXT.encode("cp1252")),
        ("utf16.txt", TEXT.encode("utf-16")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_text_and_headings_are_extracted(read: Read, filename: str, data: bytes) -> None:
    pieces = {piece.heading: piece.text for piece in split(read(filename, data))}
    everything = " ".join([*pieces, *pieces.values()])

    assert "A entrega em São Paulo leva três dias úteis; o açaí não é refrigerado." in everything
    assert "O cliente tem até 30 dias após o recebimento, com a nota fiscal." in everything
    assert "Prazos de entrega" in everything
    assert not {"<", "color: red", "var x", "title:"} & set(everything.split())


def test_headings_of_a_pdf_are_told_by_their_size(read: Read) -> None:
    text = "".join(f"# Seção {number}\n" + f"{'Uma frase comum do texto. ' * 12}\n" * 3 for number in range(6))

    pieces = split(read("a.pdf", files.pdf(text)))

    assert sorted({piece.heading for piece in pieces}) == [f"Seção {number}" for number in range(6)]


@pytest.mark.parametrize("make", [files.docx, files.pptx, files.odt, files.epub, files.html])
def test_headings_are_marked(read: Read, make: Callable[[str], bytes]) -> None:
    lines = read(f"a.{make.__name__}", make(TEXT)).splitlines()

    assert [line.lstrip("#") for line in lines if line.startswith("#")] == [" Prazos de entrega", " Devolução"]


def test_spreadsheet_rows_carry_sheet_and_column_names(read: Read) -> None:
    text = read("a.xlsx", files.xlsx(Verão=ROWS, Inverno=[["Tabela de preços"], [], *ROWS]))

    assert text == (
        "## Verão\n\nProduto: Camiseta São João; Preço: R$ 50; Cor: azul\nProduto: Calção; Preço: 79,9\n\n"
        "## Inverno\n\nTabela de preços\n"
        "Produto: Camiseta São João; Preço: R$ 50; Cor: azul\nProduto: Calção; Preço: 79,9"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_csv_rows_carry_column_names(read: Read, encoding: str) -> None:
    text = read("preços.csv", files.csv_rows(ROWS, ";", encoding))

    assert text == "Produto: Camiseta São João; Preço: R$ 50; Cor: azul\nProduto: Calção; Preço: 79.9"


def test_tables_in_documents_become_lines(read: Read) -> None:
    assert "Produto: Camiseta São João; Preço: R$ 50; Cor: azul" in read("a.docx", files.docx(TEXT, ROWS[:2]))


def test_all_pages_and_chapters_are_read_in_order(read: Read) -> None:
    texts = [f"# Capítulo {number}\nConteúdo número {number}." for number in range(1, 31)]
    in_order = [f"Conteúdo número {number}." for number in range(1, 31)]

    for text in (read("a.pdf", files.pdf(*texts)), read("a.epub", files.epub(*texts))):
        assert [line for line in text.splitlines() if line.startswith("Conteúdo")] == in_order


def test_what_repeats_on_every_page_is_kept(read: Read) -> None:
    pages = [f"Loja do João, telefone 0800 123 4567\nConteúdo {number}." for number in range(5)]

    assert "0800 123 4567" in read("a.pdf", files.pdf(*pages))


def test_unclean_characters_do_not_come_through(read: Read) -> None:
    assert read("a.txt", b"linha um, com um nul \x00 no meio do texto\r\nlinha dois") == (
        "linha um, com um nul  no meio do texto\nlinha dois"
    )


EMPTY = "The file is empty."
NO_TEXT = "No text was found"
PICTURES = "no text was recognised"
PASSWORD = "protected by a password"
BROKEN = "damaged, or is not what the end of its name says"
OLD = "older Office version"
COMPLICATED = "too large or too complicated"
NESTED = "nested too deeply"


@pytest.mark.parametrize(
    ("filename", "data", "sentence"),
    [
        ("empty.pdf", b"", EMPTY),
        ("empty.txt", b"", EMPTY),
        ("spaces.txt", b" \r\n\t \xef\xbb\xbf", EMPTY),
        ("cells.csv", b";;;\n;;;\n", EMPTY),
        ("password.pdf", hostile_files.encrypted_pdf(TEXT, "segredo"), PASSWORD),
        ("rc4.pdf", hostile_files.encrypted_pdf(TEXT, "segredo", algorithm="RC4-128"), PASSWORD),
        ("password.docx", hostile_files.encrypted_office(), PASSWORD),
        ("password.xlsx", hostile_files.encrypted_office(), PASSWORD),
        ("password.odt", hostile_files.encrypted_odt(TEXT), PASSWORD),
        ("old.docx", hostile_files.old_office(), OLD),
        ("scanned.pdf", hostile_files.scanned_pdf(""), PICTURES),
        ("bomb.pdf", hostile_files.pdf_bomb(), COMPLICATED),
        ("cut.pdf", files.pdf(*[TEXT] * 20)[:5000], BROKEN),
        ("noise.pdf", bytes(range(256)) * 20, BROKEN),
        ("header.pdf", b"%PDF-1.7\n%%EOF\n", BROKEN),
        ("page.pdf", files.html(TEXT), BROKEN),
        ("nozip.docx", b"hello world", BROKEN),
        ("cut.docx", files.docx(TEXT)[:-200], BROKEN),
        ("sheet.docx", files.xlsx(A=ROWS), BROKEN),
        ("hollow.docx", files.archive({"word/other.xml": "x"}), BROKEN),
        ("bomb.docx", partial(hostile_files.zip_bomb, "docx"), COMPLICATED),
        ("entries.epub", partial(files.archive, {f"{number}": "" for number in range(20_001)}), COMPLICATED),
        ("blank.docx", files.docx(""), NO_TEXT),
        ("blank.xlsx", files.xlsx(A=[]), NO_TEXT),
        ("nested.html", hostile_files.nested_html(), NESTED),
        ("blank.html", b"<html><body></body></html>", NO_TEXT),
        ("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(500), BROKEN),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(500), BROKEN),
        ("document.txt", files.docx(TEXT), BROKEN),
        (
            "program.exe",
            b"MZ",
            "PDF, DOCX, PPTX, XLSX, ODT, ODS, EPUB, HTML, RTF, EML, CSV, JSON, MD, TXT, PNG, JPG, TIFF, WEBP.",
        ),
        ("no ending", b"text", "Files whose name tells no kind are not read"),
        ("a.doc", b"text", "Files of the kind DOC are not read"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_bad_files_are_refused_with_a_reason(
    read: Read, filename: str, data: bytes | Callable[[], bytes], sentence: str
) -> None:
    with pytest.raises(ExtractionError, match=sentence):
        read(filename, data() if callable(data) else data)


def test_supported_names() -> None:
    assert all(is_supported(f"Relatório.final{ending.upper()}") for ending in SUPPORTED)
    assert not any(map(is_supported, ["a.exe", "pdf", ".pdf", "a.pdf.exe", "", "a.", "a.doc"]))


@pytest.fixture(scope="module")
def long_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that takes about a second to read."""
    path = tmp_path_factory.mktemp("long") / "long.pdf"
    path.write_bytes(files.pdf(*["# Título\n" + "Uma linha de texto comum. " * 60] * 600))
    return path


def test_reading_ends_at_the_time_limit_and_leaves_nothing(tmp_path: Path, long_pdf: Path) -> None:
    extractor = Extractor(tmp_path / "scratch", max_seconds=0.1)

    with pytest.raises(ExtractionError, match="took too long"):
        extractor.extract(long_pdf, "long.pdf")

    assert not _workers()
    assert not list((tmp_path / "scratch").iterdir())


def test_reading_ends_at_the_memory_limit(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    path.write_bytes(files.html("Uma linha de texto comum.\n" * 400_000))

    with pytest.raises(ExtractionError, match=COMPLICATED):
        Extractor(tmp_path / "scratch", max_memory_mb=150).extract(path, path.name)


@pytest.mark.parametrize(
    ("filename", "data"), [("a.txt", b"palavra " * 20), ("a.docx", files.docx("palavra " * 20))]
)
def test_more_text_than_allowed_is_refused_not_cut(tmp_path: Path, filename: str, data: bytes) -> None:
    path = tmp_path / "upload"
    path.write_bytes(data)

    with pytest.raises(ExtractionError, match="more text than can be read"):
        Extractor(tmp_path / "scratch", max_characters=100).extract(path, filename)


def test_a_worker_killed_from_outside_is_an_error_in_our_words(extractor: Extractor, long_pdf: Path) -> None:
    errors: list[Exception] = []

    def extract() -> None:
        try:
            extractor.extract(long_pdf, "long.pdf")
        except ExtractionError as error:
            errors.append(error)

    thread = threading.Thread(target=extract)
    thread.start()
    _first_worker(os.getpid()).send_signal(signal.SIGKILL)
    thread.join(30)

    assert [str(error) for error in errors] == [
        "Reading the file was interrupted. Upload it again, or split it into smaller files."
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the worker ends with its own time limit")
def test_the_worker_dies_with_its_parent(tmp_path: Path, long_pdf: Path) -> None:
    code = (
        "from pathlib import Path; from app.extraction.extractor import Extractor; import sys\n"
        "while True: Extractor(Path(sys.argv[1])).extract(Path(sys.argv[2]), 'long.pdf')"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "scratch"), str(long_pdf)])
    worker = _first_worker(parent.pid)
    while not any("libpdfium" in region.path for region in worker.memory_maps()):  # then the limits are set
        time.sleep(0.001)
    worker.suspend()  # now it cannot end by itself
    parent.kill()
    parent.wait()

    _, alive = psutil.wait_procs([worker], timeout=20)
    for process in alive:
        process.kill()
    assert not alive


def test_nobody_waits_for_a_file_that_is_not_wanted_any_more(tmp_path: Path, long_pdf: Path) -> None:
    asked: list[bool] = []

    def check(_: float) -> None:
        asked.append(bool(_workers()))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        Extractor(tmp_path / "scratch").extract(long_pdf, "long.pdf", check)

    assert asked == [True]
    assert not _workers()
    assert not list((tmp_path / "scratch").iterdir())


def test_several_files_at_once(extractor: Extractor, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(files.pdf(TEXT))
    texts: list[FileText] = []
    threads = [threading.Thread(target=lambda: texts.append(extractor.extract(path, "a.pdf"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(texts) == 4
    assert len(set(texts)) == 1


def _workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "app.extraction.worker" in child.cmdline()]


def _first_worker(parent: int) -> psutil.Process:
    """The worker that reads a file, once it is there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for child in psutil.Process(parent).children():
            with suppress(psutil.Error):  # it has ended
                if "app.extraction.worker" in child.cmdline():
                    return child
        time.sleep(0.01)
    raise AssertionError("no worker was started")


def test_a_full_disk_is_told(extractor: Extractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "a.pdf"
    path.write_bytes(files.pdf(TEXT))
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)

    with pytest.raises(DiskFullError):
        extractor.extract(path, "a.pdf")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells how much CPU time a process has used")
@pytest.mark.parametrize("stopped", [1, 2])
def test_a_worker_that_gets_no_cpu_is_started_once_more(tmp_path: Path, stopped: int) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(files.pdf(TEXT))
    extractor = Extractor(tmp_path / "scratch", max_seconds=1.5)
    texts: list[str] = []
    errors: list[ExtractionError] = []

    def extract() -> None:
        try:
            texts.append(extractor.extract(path, "a.pdf").text)
        except ExtractionError as error:
            errors.append(error)

    thread = threading.Thread(target=extract)
    thread.start()
    seen: set[int] = set()
    while len(seen) < stopped:
        worker = _first_worker(os.getpid())
        if worker.pid not in seen:
            seen.add(worker.pid)
            worker.suspend()
    thread.join(30)

    assert [error.message for error in errors] == [
        "The server was too busy to read the file in time. Retry the document when it has less to do."
    ] * (stopped == 2)
    assert len(texts) == (stopped == 1)
    assert all("açaí" in text for text in texts)
    assert not _workers()
