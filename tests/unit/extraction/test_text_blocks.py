"""Parts of a document are written one below the other, or in one line."""

from app.extraction.text_blocks import TextBlock, blocks_to_line, blocks_to_markdown, heading, list_item

BLOCKS = [
    heading("Prazos \n de entrega", 2),
    TextBlock("paragraph", "Em dias:"),
    list_item("Santos\n(centro)", 0, "- "),
    list_item("Gonzaga", 1, "1. "),
    list_item("ou Boqueirão", 1),
    TextBlock("rows", "A: 1\nA: 2"),
    TextBlock("paragraph", " "),
]


def test_markdown() -> None:
    assert blocks_to_markdown(BLOCKS) == (
        "## Prazos de entrega\n\nEm dias:\n\n- Santos\n  (centro)\n  1. Gonzaga\n    ou Boqueirão\n\nA: 1\nA: 2"
    )
    assert heading("x", 9).text == "###### x"
    assert blocks_to_markdown([]) == ""


def test_one_line() -> None:
    assert blocks_to_line(BLOCKS[:3]) == "Prazos de entrega Em dias: Santos (centro)"
    assert blocks_to_line(BLOCKS[3:6]) == "1. Gonzaga, ou Boqueirão A: 1; A: 2"
