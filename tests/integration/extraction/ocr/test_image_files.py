"""Text is recognised in image files by the real tesseract."""

import io

import pytest
from PIL import Image, ImageOps

from tests.fakes import files, pdf_files
from tests.integration.extraction.conftest import Read, needs_tesseract

PRICES: files.Rows = [["Produto", "Preço", "Cor"], ["Camiseta", "R$ 50", "azul"], ["Meia", "R$ 9", "preta"]]
NAMED = "Produto: Camiseta; Preço: R$ 50; Cor: azul\nProduto: Meia; Preço: R$ 9; Cor: preta"


FEES = [
    ["Destino", "Prazo", "Valor"],
    ["Santos", "1 dia", "R$ 25,00"],
    ["Campinas", "2 dias", "R$ 38,50"],
    ["Curitiba", "4 dias", "R$ 62,90"],
    ["Porto Alegre", "6 dias", "R$ 85,00"],
]


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
def test_a_picture_of_several_pages(read: Read) -> None:
    pages = files.pdf("Primeira página do documento.", "Segunda página do documento.")

    assert read("a.tif", pdf_files.picture(pages, "TIFF", pages=2)).splitlines() == [
        "Primeira página do documento.",
        "Segunda página do documento.",
    ]
