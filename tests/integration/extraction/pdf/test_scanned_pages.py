"""Text is recognised on scanned pages of PDFs by the real tesseract."""

from pathlib import Path

import pytest

from app.domain.errors import ExtractionError
from app.extraction.extractor import Extractor
from tests.fakes import files, pdf_files
from tests.integration.extraction.conftest import Read, needs_tesseract

STAMP = (
    "Documento assinado digitalmente por ANA MARIA DE SOUZA em 03/04/2024, conforme a MP 2.200-2/2001.\n"
    "Número do documento: 24040310333012345678901234567890. Confira a autenticidade no endereço do tribunal."
)


@needs_tesseract
def test_scanned_pages_are_recognised_and_the_others_are_not(read: Read) -> None:
    texts = ["A devolução é aceita em trinta dias.", "Sem condição: não há exceção."]
    scanned = pdf_files.scan(files.pdf(*texts), pages=2)

    text = read("a.pdf", pdf_files.merged(files.pdf("Uma página de texto."), scanned))

    assert text.splitlines() == ["Uma página de texto.", *texts]


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
def test_more_scanned_pages_than_can_be_read_are_refused_at_once(read: Read) -> None:
    page = pdf_files.scan(files.pdf("texto"))

    with pytest.raises(ExtractionError, match=r"more scanned pages .* \(100\)"):
        read("a.pdf", pdf_files.merged(*[page] * 101))
