"""Values of form fields and notes on a page are part of its text, each beside its label."""

from tests.fakes import pdf_files
from tests.unit.extraction.pdf.reading import read


def test_values_and_notes_are_read_beside_their_labels() -> None:
    assert read(pdf_files.form()) == [
        "Nome: Ana Souza",
        "Frete: R$ 19,90 por pedido",
        "[x] Aceita trocas",
        "Aceita cartão",
        "Cidade: Santos",
        "Senha:",
        "Válido até 31/12/2026",
    ]
