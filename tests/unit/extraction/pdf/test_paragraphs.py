"""Lines of text become paragraphs, list items and headings."""

from tests.fakes.pdf_files import lines, paragraph, story
from tests.unit.extraction.pdf.reading import LONG, read


def test_lines_of_running_text_become_paragraphs() -> None:
    assert read(story(paragraph(LONG * 3), paragraph("Outro parágrafo."))) == [
        (LONG * 3).strip(),
        "Outro parágrafo.",
    ]


def test_items_of_lists_and_short_lines_stay_apart() -> None:
    items = ["• item um", "• item dois", "1. passo", "2. passo", "Rua das Flores, 10", "Santos, SP"]

    assert read(lines([(60, 14 * n, item) for n, item in enumerate(items)])) == items


def test_headings_are_told_by_size_and_by_bold_type() -> None:
    text = story(
        paragraph("Manual da loja", "Title"),
        paragraph("Trocas", "Heading1"),
        paragraph(LONG),
        paragraph("<b>Prazo maior</b>"),
        paragraph(LONG),
        paragraph("<b>Atenção:</b> guarde a nota fiscal."),
    )

    assert [line for line in read(text) if LONG.strip() not in line] == [
        "# Manual da loja",
        "# Trocas",
        "## Prazo maior",
        "Atenção: guarde a nota fiscal.",
    ]


def test_a_heading_may_take_two_lines() -> None:
    title = "Política de trocas e devoluções de produtos comprados na loja e pela internet"

    assert read(story(paragraph(title, "Heading1"), paragraph(LONG)))[0] == f"# {title}"


def test_a_paragraph_goes_on_in_the_next_page() -> None:
    top = [(60, 14 * n, "uma linha comprida de texto que enche a largura da página inteira,") for n in range(3)]
    below = [(60, 0, "e que continua na seguinte até o fim.")]

    assert len(read(lines(top, below))) == 1
