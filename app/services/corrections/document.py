"""The text of a document of corrections: each question a heading, the right answer below it (CommonMark)."""

import re
from typing import NamedTuple

from app.services.evaluation.matching import words_of

_TITLE = "# Correções"
_QUESTION = "## "
# What would begin a section of its own, even in the text that is cut into chunks.
_MARKS = re.compile(r"(?m)^[ \t]*(?:#{1,6}[ \t]+|`{3,}.*$|~{3,}.*$)")
# What would begin something else than a paragraph, or make a heading of the line above it.
_BLOCK = re.compile(r"(?m)^([ \t]*)([<>]|=+[ \t]*$|-+[ \t]*$)")
_ESCAPED = re.compile(r"(?m)^([ \t]*)\\([<>]|=+[ \t]*$|-+[ \t]*$)")


class Entry(NamedTuple):
    """A question and its right answer."""

    question: str
    answer: str

    @classmethod
    def of(cls, question: str, answer: str) -> "Entry":
        """What somebody wrote as an entry: the question on a line, the answer without headings and fences."""
        return cls(" ".join(question.split()), _MARKS.sub("", answer).strip())


def entries_of(text: str) -> list[Entry]:
    """The entries of a document, in their order."""
    return [
        Entry(lines[0].removeprefix(_QUESTION).strip(), _ESCAPED.sub(r"\1\2", "\n".join(lines[1:])).strip())
        for lines in _sections(text)
        if lines[0].startswith(_QUESTION)
    ]


def with_entry(text: str, entry: Entry) -> tuple[str, bool]:
    """The document with the entry at its end, or in the place of the same question's; whether that was so."""
    sections, wanted = _sections(text) or [[_TITLE, ""]], words_of(entry.question)
    own = [f"{_QUESTION}{entry.question}", "", *_BLOCK.sub(r"\1\\\2", entry.answer).splitlines(), ""]
    replaced = False
    for at, lines in enumerate(sections):
        if lines[0].startswith(_QUESTION) and words_of(lines[0]) == wanted:
            sections[at], replaced = own, True
            break
    else:
        sections.append(own)
    return "\n".join("\n".join(lines).rstrip() + "\n" for lines in sections), replaced


def _sections(text: str) -> list[list[str]]:
    """The lines of a document; each heading of a question begins a new section."""
    sections: list[list[str]] = []
    for line in text.splitlines():
        if not sections or line.startswith((_QUESTION, "# ")):
            sections.append([])
        sections[-1].append(line)
    return sections
