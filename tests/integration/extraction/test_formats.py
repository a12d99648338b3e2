"""What each kind of file keeps of its structure, and text recognised in pictures by the real tesseract."""

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from app.domain.errors import ExtractionError
from app.extraction.extractor import Extractor
from tests.fakes import files, hostile_files, pdf_files

TEXT = "Prazos de entrega\nA entrega em São Paulo leva três dias úteis; custa € 5."
PRICES: files.Rows = [["Produto", "Preço", "Cor"], ["Camiseta", "R$ 50", "azul"], ["Meia", "R$ 9", "preta"]]
NAMED = "Produto: Camiseta; Preço: R$ 50; Cor: azul\nProduto: Meia; Preço: R$ 9; Cor: preta"
needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")

Read = Callable[[str, bytes], str]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_upload(filename: str, data: bytes) -> str:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return Extractor(tmp_path / "scratch").extract(path, filename).text

    return read_upload


def test_rtf(read: Read) -> None:
    text = read("a.rtf", files.rtf(TEXT, PRICES))

    assert "A entrega em São Paulo leva três dias úteis; custa € 5." in text
    assert NAMED in text


def test_mail_tells_who_wrote_and_what_is_attached(read: Read) -> None:
    attachments = {
        "preços.xlsx": files.xlsx(Verão=PRICES),
        "foto.png": b"\x89PNG",
        "programa.exe": b"MZ",
        "ruim.docx": b"x",
    }

    text = read("a.eml", files.eml(TEXT, subject="Preços de verão", attachments=attachments))

    assert text.startswith(
        "Assunto: Preços de verão\nDe: João <joao@loja.example>\nPara: ana@loja.example\nData: 01/01/2024 10:00\n"
    )
    assert text.count("A entrega em São Paulo") == 1
    assert f"## Anexo: preços.xlsx\n#### Verão\n\n{NAMED}" in text
    assert text.endswith("## Anexo: foto.png\n## Anexo: programa.exe\n## Anexo: ruim.docx")


def test_attachments_that_are_pictures_are_told(tmp_path: Path) -> None:
    scan = pdf_files.scan(files.pdf("Capa"))
    attachments = {
        "foto.JPG": b"\xff\xd8\xff",
        "scan.pdf": scan,
        "misto.pdf": pdf_files.merged(scan, files.pdf("Texto um.")),
        "a.txt": b"ok",
    }
    path = tmp_path / "a.eml"
    path.write_bytes(files.eml(TEXT, attachments=attachments))

    text, warning = Extractor(tmp_path / "scratch").extract(path, "a.eml")

    assert "Texto um." in text
    assert "## Anexo: foto.JPG\n## Anexo: scan.pdf" in text
    assert warning == "Attachments that were not read: foto.JPG, scan.pdf, misto.pdf. Upload them by themselves."


def test_mail_that_is_only_html_in_an_old_encoding(read: Read) -> None:
    head = b"Subject: =?iso-8859-1?Q?Pre=E7os?=\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"

    text = read("a.eml", head + "<h1>Devolução</h1><p>Até 30 dias.</p>".encode("cp1252"))

    assert text == "Assunto: Preços\n\n# Devolução\n\nAté 30 dias."


def test_sheets_with_titles_groups_of_columns_and_several_tables(read: Read) -> None:
    rows: files.Rows = [
        ["Tabela de preços"],
        ["Produto", "Preços", None],
        [None, "Varejo", "Atacado"],
        ["Meia", 5, 4],
        [],
        ["Boné", 20, 18],
        [],
        ["Cidade", "Prazo", "Frete"],
        ["Santos", "3 dias", 10],
    ]
    expected = (
        "## Verão\n\nTabela de preços\nProduto: Meia; Preços Varejo: 5; Preços Atacado: 4\n"
        "Produto: Boné; Preços Varejo: 20; Preços Atacado: 18\nCidade: Santos; Prazo: 3 dias; Frete: 10"
    )

    assert read("a.xlsx", files.xlsx(Verão=rows)) == expected
    assert NAMED in read("a.ods", files.ods(Verão=PRICES))


def test_web_pages_keep_headings_lists_and_tables(read: Read) -> None:
    page = (
        "<h1>Loja</h1><h2>Prazos</h2><ul><li>Santos</li><li>São Paulo</li></ul>"
        "<table><tr><th>Produto</th><th>Preço</th></tr><tr><td>Meia</td><td>R$ 9</td></tr></table>"
    )

    assert read("a.html", page.encode()) == (
        "# Loja\n\n## Prazos\n\n- Santos\n- São Paulo\n\nProduto: Meia; Preço: R$ 9"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "cp1252", "utf-8-sig"])
def test_long_texts_are_read_in_a_worker_and_come_out_the_same(read: Read, encoding: str) -> None:
    text = "\n".join(f"Linha {number} com açaí e devolução." for number in range(40_000))

    assert read("a.txt", text.encode(encoding)) == text


@needs_tesseract
@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tiff"), ("WEBP", "webp")])
def test_text_in_pictures_is_recognised(read: Read, kind: str, ending: str) -> None:
    prices = pdf_files.story(pdf_files.table(PRICES))

    assert read(f"a.{ending}", pdf_files.picture(prices, kind)).replace("R$ ", "R$") == NAMED.replace("R$ ", "R$")


@needs_tesseract
@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_tables_in_pictures_may_be_ruled_and_their_columns_far_apart(read: Read, ending: str) -> None:
    rules = [("GRID", (0, 0), (-1, -1), 1.1, "#000000"), ("FONTSIZE", (0, 0), (-1, -1), 11)]
    fees = pdf_files.story(pdf_files.table(FEES, widths=[220, 120, 110], style=rules))

    text = read(f"a.{ending}", pdf_files.scan(fees) if ending == "pdf" else pdf_files.picture(fees))

    assert text.splitlines() == [f"Destino: {to}; Prazo: {days}; Valor: {fee}" for to, days, fee in FEES[1:]]


@needs_tesseract
@pytest.mark.parametrize(("paper", "ink"), [("black", "white"), ("#2050a0", "white"), ("#8c8c8c", "black")])
def test_pictures_may_be_dark(read: Read, paper: str, ink: str) -> None:
    page = Image.open(io.BytesIO(pdf_files.picture(files.pdf("# Cardápio\nBatata frita: R$ 18,00"))))
    picture = io.BytesIO()
    ImageOps.colorize(page, ink, paper).save(picture, "PNG")

    assert read("a.png", picture.getvalue()).splitlines() == ["Cardápio", "Batata frita: R$ 18,00"]


@needs_tesseract
def test_pictures_may_lie_on_their_side_or_be_transparent(read: Read) -> None:
    page = pdf_files.picture(files.pdf("A devolução é aceita em trinta dias corridos."))
    picture = Image.open(io.BytesIO(page))
    exif = Image.Exif()
    exif[0x0112] = 8  # "turn it a quarter to the left", as telephones write
    transparent = Image.merge("LA", (Image.new("L", picture.size), ImageOps.invert(picture)))
    turned, glass = io.BytesIO(), io.BytesIO()
    picture.rotate(-90, expand=True).save(turned, "JPEG", exif=exif)
    transparent.save(glass, "PNG")

    assert read("a.jpg", turned.getvalue()) == "A devolução é aceita em trinta dias corridos."
    assert read("a.png", glass.getvalue()) == "A devolução é aceita em trinta dias corridos."


@needs_tesseract
def test_scanned_pages_are_recognised_and_the_others_are_not(read: Read) -> None:
    texts = ["A devolução é aceita em trinta dias.", "Sem condição: não há exceção."]
    scanned = pdf_files.scan(files.pdf(*texts), pages=2)

    text = read("a.pdf", pdf_files.merged(files.pdf("Uma página de texto."), scanned))

    assert text.splitlines() == ["Uma página de texto.", *texts]


FEES = [
    ["Destino", "Prazo", "Valor"],
    ["Santos", "1 dia", "R$ 25,00"],
    ["Campinas", "2 dias", "R$ 38,50"],
    ["Curitiba", "4 dias", "R$ 62,90"],
    ["Porto Alegre", "6 dias", "R$ 85,00"],
]
STAMP = (
    "Documento assinado digitalmente por ANA MARIA DE SOUZA em 03/04/2024, conforme a MP 2.200-2/2001.\n"
    "Número do documento: 24040310333012345678901234567890. Confira a autenticidade no endereço do tribunal."
)


@needs_tesseract
def test_scans_with_a_stamp_are_recognised(read: Read) -> None:
    texts = ["A devolução é aceita em trinta dias.", "Sem a nota fiscal não há troca nem garantia."]
    scanned = pdf_files.scan(files.pdf(*texts), pages=2)

    text = " ".join(read("a.pdf", pdf_files.stamped(scanned, STAMP)).split())

    assert texts[0] in text
    assert texts[1] in text
    assert text.count("Documento assinado digitalmente") == 1


@needs_tesseract
def test_scans_with_numbers_of_pages_are_recognised(read: Read) -> None:
    scanned = pdf_files.scan(files.pdf("A devolução é aceita em trinta dias corridos."))

    assert read("a.pdf", pdf_files.stamped(scanned, "Página 1 de 1")).splitlines()[0] == (
        "A devolução é aceita em trinta dias corridos."
    )


@needs_tesseract
def test_a_picture_behind_a_text_adds_nothing(read: Read) -> None:
    empty = pdf_files.scan(files.pdf(""))

    assert read("a.pdf", pdf_files.stamped(empty, "Cardápio da semana\nFeijoada R$ 40")).splitlines() == [
        "Cardápio da semana",
        "Feijoada R$ 40",
    ]


@needs_tesseract
def test_the_picture_behind_a_stamp_may_be_wrapped_in_a_form(read: Read) -> None:
    scanned = pdf_files.in_a_form(pdf_files.scan(files.pdf("A devolução é aceita em trinta dias corridos.")))

    text = " ".join(read("a.pdf", pdf_files.stamped(scanned, STAMP)).split())

    assert text.startswith("A devolução é aceita em trinta dias corridos. Documento assinado")


def test_scans_with_a_stamp_need_tesseract(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    scanned = pdf_files.scan(files.pdf("A devolução é aceita em trinta dias.", "Sem nota não há troca."), pages=2)

    with pytest.raises(ExtractionError, match="needs Debian's packages"):
        read("a.pdf", pdf_files.stamped(scanned, STAMP))


@pytest.mark.parametrize("works", ["--list-langs", "nothing"])
def test_broken_text_recognition_costs_only_the_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: str
) -> None:
    script = f'#!/bin/sh\nif [ "$1" = {works} ]; then echo por; exit 0; fi\nexit 1\n'
    (tmp_path / "tesseract").write_text(script)
    (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_files.merged(pdf_files.scan(files.pdf("Capa")), files.pdf("Texto um.", "Texto dois.")))

    text, warning = Extractor(tmp_path / "scratch").extract(path, "a.pdf")

    assert text.splitlines() == ["Texto um.", "Texto dois."]
    assert warning is not None
    assert warning.endswith("pictures that could not be read. Text recognition does not work on this server.")


def test_a_few_pictures_that_cannot_be_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_files.merged(pdf_files.scan(files.pdf("Capa")), files.pdf("Texto um.", "Texto dois.")))

    text, warning = Extractor(tmp_path / "scratch").extract(path, "a.pdf")

    assert text.splitlines() == ["Texto um.", "Texto dois."]
    assert warning is not None
    assert warning.startswith("1 of its 3 pages are pictures that could not be read. To read them, the server")
    assert "tesseract-ocr and tesseract-ocr-por" in warning


@needs_tesseract
def test_how_far_recognition_has_come_is_told(tmp_path: Path) -> None:
    path, shares = tmp_path / "a.pdf", [0.0]
    path.write_bytes(pdf_files.scan(files.pdf("Uma página.", "Mais uma.", "Ainda outra.", "A última."), pages=4))

    Extractor(tmp_path / "scratch").extract(path, "a.pdf", shares.append)

    assert shares == sorted(shares)
    assert set(shares) - {0.0} <= {0.25, 0.5, 0.75, 1.0}
    assert shares[-1] > 0


@needs_tesseract
def test_a_picture_of_several_pages(read: Read) -> None:
    pages = files.pdf("Primeira página do documento.", "Segunda página do documento.")

    assert read("a.tif", pdf_files.picture(pages, "TIFF", pages=2)).splitlines() == [
        "Primeira página do documento.",
        "Segunda página do documento.",
    ]


@needs_tesseract
def test_more_scanned_pages_than_can_be_read_are_refused_at_once(read: Read) -> None:
    page = pdf_files.scan(files.pdf("texto"))

    with pytest.raises(ExtractionError, match=r"more scanned pages .* \(100\)"):
        read("a.pdf", pdf_files.merged(*[page] * 101))


@pytest.mark.parametrize("filename", ["a.pdf", "a.png"])
@pytest.mark.parametrize(
    ("languages", "packages"),
    [("", "packages tesseract-ocr and tesseract-ocr-por"), ("eng", "package tesseract-ocr-por")],
)
def test_the_error_says_what_to_install(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filename: str, languages: str, packages: str
) -> None:
    if languages:
        (tmp_path / "tesseract").write_text(f"#!/bin/sh\necho 'List of available languages (1):\n{languages}'\n")
        (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    scan = hostile_files.scanned_pdf("texto")

    with pytest.raises(ExtractionError, match=f"needs Debian's {packages} "):
        read(filename, scan if filename == "a.pdf" else pdf_files.picture(scan))
