"""Figures on pages of text are recognised, or told in the warning."""

import os
from pathlib import Path

import pytest
from PIL import Image

from app.extraction.extractor import Extractor
from tests.fakes import files, pdf_files
from tests.integration.extraction.conftest import Read, needs_tesseract

FIGURE = files.pdf("A devolução é aceita em trinta dias corridos.")
TEXTS = [(60.0, 0.0, "Veja abaixo a nossa política de trocas, válida em todas as lojas.")]


@needs_tesseract
def test_a_picture_of_half_a_page_is_recognised(read: Read) -> None:
    assert read("a.pdf", pdf_files.with_figure(TEXTS, FIGURE)).splitlines() == [
        TEXTS[0][2],
        "A devolução é aceita em trinta dias corridos.",
    ]


def test_a_picture_of_half_a_page_is_told_where_it_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_files.with_figure(TEXTS, FIGURE))

    text, warning = Extractor(tmp_path / "scratch").extract(path, "a.pdf")

    assert text == TEXTS[0][2]
    assert warning is not None
    assert warning.startswith("1 of its 1 pages have pictures that could not be read. To read them, the server")


@pytest.mark.parametrize("figure", [files.pdf(""), "noise"], ids=["empty", "photograph"])
def test_a_picture_without_text_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: bytes | str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if isinstance(figure, str):
        image = tmp_path / "noise.pdf"
        Image.frombytes("L", (600, 842), os.urandom(600 * 842)).save(image, "PDF")
        figure = image.read_bytes()
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_files.with_figure(TEXTS, figure))

    assert Extractor(tmp_path / "scratch").extract(path, "a.pdf") == (TEXTS[0][2], None)


@needs_tesseract
@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_scanned_tables_without_lines_keep_rows_and_columns(read: Read, ending: str) -> None:
    rows = [["Produto", "Cor", "Origem", "Valor"], ["Camiseta", "verde", "nacional", "284,90"]]
    rows += [["Mochila", "azul", "importada", "113,90"], ["Garrafa", "preta", "nacional", "217,90"]]
    prices = pdf_files.story(
        pdf_files.paragraph("Os valores abaixo podem ser revistos a qualquer momento."),
        pdf_files.table(rows, widths=[140, 120, 130, 90]),
    )

    text = read(f"a.{ending}", pdf_files.scan(prices) if ending == "pdf" else pdf_files.picture(prices))

    assert text.splitlines()[-3:] == [
        f"Produto: {product}; Cor: {colour}; Origem: {origin}; Valor: {price}"
        for product, colour, origin, price in rows[1:]
    ]
