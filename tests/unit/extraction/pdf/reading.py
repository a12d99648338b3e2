"""Reads PDFs whose pages all have text, and what several tests expect of them."""

from app.extraction.pdf.reader import read_pdf
from app.extraction.pdf.scanned_pages import OcrEngine

PRICES = [["Produto", "Preço", "Cor"], ["Camiseta São João", "R$ 50", "azul"], ["Calção", "R$ 79,90", "verde"]]
NAMED = ["Produto: Camiseta São João; Preço: R$ 50; Cor: azul", "Produto: Calção; Preço: R$ 79,90; Cor: verde"]
LONG = "O prazo de devolução para produtos com defeito é de trinta dias corridos, contados da entrega. "


def read(data: bytes) -> list[str]:
    """The lines of the Markdown; fails where a page would need OCR."""

    def start_ocr(images: int) -> OcrEngine:
        raise AssertionError("there is text")

    return read_pdf(data, start_ocr).text.splitlines()
