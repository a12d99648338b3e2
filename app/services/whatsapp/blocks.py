"""What stands between markdown and WhatsApp: blocks of marked runs, written out with WhatsApp's marks.

The marks: https://faq.whatsapp.com/539178204879377. They hold only within a line, and only around whole words.
"""

from collections.abc import Iterable
from typing import NamedTuple

CODE_FENCE = "```"


class Run(NamedTuple):
    """A stretch of text under the same marks (`*`, `_`, `~`, or a code mark alone), outermost first."""

    text: str
    marks: tuple[str, ...] = ()


class Block(NamedTuple):
    """A paragraph, an item, a row or a piece of code.

    `first` stands before its first line and `rest` before the others; `gap` parts it from the block above.
    """

    runs: list[Run]
    first: str = ""
    rest: str = ""
    gap: str = "\n\n"
    code: bool = False


def write(block: Block) -> str:
    """The text of `block` as WhatsApp wants it; "" when there is nothing to be seen in it."""
    if block.code:
        text = plain(block.runs).strip("\n")
        fence = "" if CODE_FENCE in text else CODE_FENCE
        return f"{fence}{text}{fence}" if text.strip() else ""
    text = "\n".join(_write_line(line) for line in _lines(block.runs)).strip()
    return block.first + text.replace("\n", f"\n{block.rest}") if text else ""


def plain(runs: Iterable[Run]) -> str:
    """The text of `runs` without marks."""
    return "".join(run.text for run in runs)


def _lines(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for text, marks in runs:
        here, *below = text.split("\n")
        lines[-1].append(Run(here, marks))
        lines.extend([Run(line, marks)] for line in below)
    return lines


def _write_line(runs: list[Run]) -> str:
    """Marks open after and close before white space, and stay open over neighbours that share them."""
    written: list[str] = []
    open_marks: list[str] = []
    space = ""
    for text, marks in runs:
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
