"""Text files stay as they are, except that their tables become lines."""

import pytest

from app.extraction.text_files import read_text


@pytest.mark.parametrize(
    "text",
    [
        "Seg\t8h\t18h\nTer\t9h\t18h\nQua\t8h\t12h",
        "Nome:\t\tAna\nCPF:\t\t111\nPlano:\t\tFamília",
        "Nome:\tAna\tx\nCPF:\t111\ty\nPlano:\t9\tz",
        "x\n\t\tfor i:\n\t\t\tprint(1)\n\t\tx = 2",
    ],
)
def test_tabs_alone_make_no_table(text: str) -> None:
    assert read_text(text.encode(), ".txt", 1000) == text


@pytest.mark.parametrize("ending", [".md", ".txt"])
def test_tables_of_a_text_keep_the_names_of_their_columns(ending: str) -> None:
    table = "| Item | Varejo | Atacado |\n|---|---:|---|\n| **Açúcar** | R$ 7 | R$ 6 |"
    tabbed = "Item\tVarejo\tAtacado\nSal\tR$ 3\tR$ 2\nMel\tR$ 9\tR$ 8"
    text = f"Preços: *à vista*\n\n{table}\n\n{tabbed}\n\na\tb\tc\n| não | é tabela |\n```\n{table}\n```"

    assert read_text(text.encode(), ending, 1000) == text.replace(
        table, "Item: Açúcar; Varejo: R$ 7; Atacado: R$ 6", 1
    ).replace(tabbed, "Item: Sal; Varejo: R$ 3; Atacado: R$ 2\nItem: Mel; Varejo: R$ 9; Atacado: R$ 8")
