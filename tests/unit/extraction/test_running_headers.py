"""Of running headers and footers each line counts once, numbers of pages not at all."""

import pytest

from app.extraction.running_headers import running_lines


def test_each_line_once() -> None:
    assert running_lines(["Loja  Sol", "Loja Sol", "Rua 1"]) == ["Loja Sol", "Rua 1"]


@pytest.mark.parametrize("line", ["", "3", "- 3 -", "Página 3", "pág. 3 de 12", "Page 3 of 12", "3/12", "Folha 2"])
def test_numbers_of_pages_are_left_out(line: str) -> None:
    assert running_lines([line]) == []


@pytest.mark.parametrize("line", ["(12) 3333-4444", "0800 123 4567", "Página da loja", "CNPJ 12.345.678/0001-90"])
def test_numbers_that_matter_stay(line: str) -> None:
    assert running_lines([line]) == [line]
