"""The parts of a document that readers of formats find, and how they are written one below the other."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

_DEEPEST_HEADING = 6
_MARK = re.compile(r"^(?:#{1,6} |- )")


class TextBlock(NamedTuple):
    """A part of a document, as Markdown; "rows" are the lines of a table."""

    kind: Literal["paragraph", "heading", "item", "rows"]
    text: str


def heading(text: str, level: int) -> TextBlock:
    """A heading of a level from 1 on, in one line."""
    return TextBlock("heading", f"{'#' * min(level, _DEEPEST_HEADING)} {' '.join(text.split())}")


def list_item(text: str, depth: int, marker: str = "") -> TextBlock:
    """An item of a list at a depth from 0 on; without a marker ("- ", "3. ") what goes on below the item before."""
    indent = "  " * depth
    return TextBlock("item", f"{indent}{marker or '  '}{text}".replace("\n", f"\n{indent}  "))


def blocks_to_markdown(blocks: Iterable[TextBlock]) -> str:
    """The parts with empty lines between them, except between the items of a list."""
    parts = [block for block in blocks if block.text.strip()]
    between = ["", *("\n" if before.kind == block.kind == "item" else "\n\n" for before, block in pairwise(parts))]
    return "".join(space + block.text for space, block in zip(between, parts, strict=False))


def blocks_to_line(blocks: Sequence[TextBlock]) -> str:
    """The parts in one line, as for a cell of a table; headings and lists keep no marks there."""
    between = ["", *(", " if before.kind == block.kind == "item" else " " for before, block in pairwise(blocks))]
    return "".join(space + _in_one_line(block) for space, block in zip(between, blocks, strict=False))


def _in_one_line(block: TextBlock) -> str:
    if block.kind == "rows":
        return "; ".join(block.text.splitlines())
    text = " ".join(block.text.split())
    return _MARK.sub("", text, count=1) if block.kind in {"heading", "item"} else text
