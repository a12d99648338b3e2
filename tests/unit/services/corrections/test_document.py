"""The text of a document of corrections."""

import pytest

from app.extraction.markdown_files import markdown_to_text
from app.services.corrections.document import Entry, entries_of, with_entry


def test_entries_are_written_and_read() -> None:
    text, replaced = with_entry("", Entry.of("Qual  é\no prazo?", " Dois dias.\n\nÚteis.\n"))

    assert not replaced
    assert entries_of(text) == [Entry("Qual é o prazo?", "Dois dias.\n\nÚteis.")]


def test_an_entry_is_replaced_in_its_place() -> None:
    text = "# Nossas correções\n\nUm texto.\n\n## Um?\n\nUm.\n\n## Dois?\n\nDois.\n\n# Outro título\n\nFim.\n"

    changed, replaced = with_entry(text, Entry("UM", "Uno."))

    assert replaced
    assert entries_of(changed) == [Entry("UM", "Uno."), Entry("Dois?", "Dois.")]
    assert changed.startswith("# Nossas correções\n\nUm texto.\n")
    assert changed.endswith("# Outro título\n\nFim.\n")


@pytest.mark.parametrize("line", ["---", "===", "<!-- oculto", "> dito", "-"])
def test_an_answer_cannot_break_out_of_its_entry(line: str) -> None:
    answer = f"Antes.\n{line}\nDepois."
    text, _ = with_entry("", Entry.of("Um?", answer))
    text, _ = with_entry(text, Entry.of("Dois?", "Sim."))

    assert entries_of(text) == [Entry("Um?", answer), Entry("Dois?", "Sim.")]
    assert headings_and_rest(text) == (["# Correções", "## Um?", "## Dois?"], True)


@pytest.mark.parametrize("line", ["# Depois.", "## Depois.", "```python\nDepois.", "~~~\nDepois."])
def test_an_answer_has_no_sections(line: str) -> None:
    entry = Entry.of("Um?", f"Antes.\n{line}")

    assert entry.answer.split() == ["Antes.", "Depois."]
    text, _ = with_entry("", entry)
    assert headings_and_rest(text) == (["# Correções", "## Um?"], True)


def headings_and_rest(text: str) -> tuple[list[str], bool]:
    """The headings of what is indexed, and whether the end of the answer is in it."""
    read = markdown_to_text(text)
    return [line for line in read.splitlines() if line.startswith("#")], "Depois." in read
