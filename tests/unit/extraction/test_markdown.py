"""Tables in Markdown become lines; emphasis, escapes, pictures and front matter go."""

import pytest

from app.extraction.markdown import tidy, without_front_matter
from app.extraction.tables.lines import sheet_to_lines


def test_tables_in_markdown_become_lines_between_the_other_text() -> None:
    markdown = "# Preços\n\n| A | B | C |\n| --- | --- | --- |\n| x \\| y | **2** |  |\n\nfim \\*"

    assert tidy(markdown) == "# Preços\n\nA: x | y; B: 2\n\nfim *"


def test_two_columns_are_a_name_and_its_value_unless_prices_stand_below_names() -> None:
    pairs = [["Prazo", "3 dias"], ["Frete", "R$ 10"]]
    prices = [["Produto", "Preço"], ["Meia", "R$ 9"]]

    assert tidy("| Prazo | 3 dias |\n| --- | --- |\n| Frete | R$ 10 |") == "Prazo: 3 dias\nFrete: R$ 10"
    assert list(sheet_to_lines(pairs)) == ["Prazo: 3 dias", "Frete: R$ 10"]
    assert list(sheet_to_lines([["", "Loja", ""], ["", *pairs[0]], [], *prices])) == [
        "Loja",
        "Prazo: 3 dias",
        "Produto: Meia; Preço: R$ 9",
    ]
    assert list(sheet_to_lines([["Custo", "Margem"], ["1", "2"]])) == ["Custo: 1; Margem: 2"]


def test_pictures_leave_their_description_and_bold_type_its_words() -> None:
    assert tidy("![figura](data:image/png;base64,AAAA) **Prazo:** 3 dias 2*3*4") == "figura Prazo: 3 dias 2*3*4"


def test_front_matter_goes_and_a_rule_inside_the_text_stays() -> None:
    assert without_front_matter("---\ntitle: T\n---\n\ntexto\n---\nfim") == "\ntexto\n---\nfim"
    assert without_front_matter("texto\n---\nfim") == "texto\n---\nfim"


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text", ["![" * 500_000, "![a](" * 300_000, "**a" * 500_000, "|" * 100_000, "---\n" + "-\n" * 100_000]
)
def test_tidying_is_linear(text: str) -> None:
    assert tidy(without_front_matter(text)) is not None
