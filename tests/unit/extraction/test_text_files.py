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
    assert read_text(text.encode(), ".txt", 1000) == (text, None)


@pytest.mark.parametrize(("ending", "first"), [(".md", "Preços: à vista"), (".txt", "Preços: *à vista*")])
def test_tables_of_a_text_keep_the_names_of_their_columns(ending: str, first: str) -> None:
    table = "| Item | Varejo | Atacado |\n|---|---:|---|\n| **Açúcar** | R$ 7 | R$ 6 |"
    tabbed = "Item\tVarejo\tAtacado\nSal\tR$ 3\tR$ 2\nMel\tR$ 9\tR$ 8"
    text = f"Preços: *à vista*\n\n{table}\n\n{tabbed}\n\na\tb\tc\n\n```\n{table}\n```"

    assert read_text(text.encode(), ending, 1000).text == text.replace(
        table, "Item: Açúcar; Varejo: R$ 7; Atacado: R$ 6", 1
    ).replace(tabbed, "Item: Sal; Varejo: R$ 3; Atacado: R$ 2\nItem: Mel; Varejo: R$ 9; Atacado: R$ 8").replace(
        "Preços: *à vista*", first
    )


@pytest.mark.parametrize("ending", [".md", ".txt", ".csv", ".json", ".jsonl"])
def test_a_bad_byte_costs_one_character_and_a_warning(ending: str) -> None:
    line = {".csv": "a;ação;é", ".json": '{"a": "ação é"}', ".jsonl": '{"a": "ação é"}'}.get(ending, "ação é")

    text, warning = read_text(line.replace("é", "é!").encode().replace(b"!", b"\xff"), ending, 1000)

    assert "ação" in text
    assert text.count("�") == 1
    assert warning == "Characters that could not be read: 1, in line 1. Save the file as UTF-8."
