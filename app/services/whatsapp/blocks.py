"""The form between markdown and WhatsApp's text: blocks of styled spans, and how they are written out.

The marks: https://faq.whatsapp.com/539178204879377. They hold only within a line, and only around whole words.
"""

from collections.abc import Iterable
from typing import NamedTuple

CODE_FENCE = "```"


class StyledSpan(NamedTuple):
    """Text with the marks around it (`*`, `_`, `~`, or a code mark alone), the outermost first."""

    text: str
    marks: tuple[str, ...] = ()


class Block(NamedTuple):
    """A paragraph, a list item, a table row or a piece of code.

    `first` is put before its first line and `rest` before each other line; `gap` is what separates it from the
    block above.
    """

    spans: list[StyledSpan]
    first: str = ""
    rest: str = ""
    gap: str = "\n\n"
    code: bool = False


def write(block: Block) -> str:
    """The text of `block` as WhatsApp wants it; "" when it would show nothing."""
    if block.code:
        text = plain(block.spans).strip("\n")
        fence = "" if CODE_FENCE in text else CODE_FENCE
        return f"{fence}{text}{fence}" if text.strip() else ""
    text = "\n".join(_write_line(line) for line in _lines(block.spans)).strip()
    return block.first + text.replace("\n", f"\n{block.rest}") if text else ""


def plain(spans: Iterable[StyledSpan]) -> str:
    """The text of `spans` without marks."""
    return "".join(span.text for span in spans)


def _lines(spans: list[StyledSpan]) -> list[list[StyledSpan]]:
    lines: list[list[StyledSpan]] = [[]]
    for text, marks in spans:
        here, *below = text.split("\n")
        lines[-1].append(StyledSpan(here, marks))
        lines.extend([StyledSpan(line, marks)] for line in below)
    return lines


def _write_line(spans: list[StyledSpan]) -> str:
    """One line. Marks open after and close before white space; neighbours share the marks they have in common."""
    written: list[str] = []
    open_marks: list[str] = []
    space = ""
    for text, marks in spans:
        word = text.strip()
        if not word:
            space += text
            continue
        wanted = [mark for mark in marks if mark not in word]
        kept = _shared(open_marks, wanted)
        written += reversed(open_marks[kept:])
        written += (space, text[: len(text) - len(text.lstrip())], *wanted[kept:], word)
        open_marks = wanted
        space = text[len(text.rstrip()) :]
    return "".join([*written, *reversed(open_marks)]).strip()


def _shared(marks: list[str], others: list[str]) -> int:
    count = 0
    for mark, other in zip(marks, others, strict=False):
        if mark != other:
            break
        count += 1
    return count
