"""What control words say of the text after them: of a group, until its brace closes, and of a paragraph."""

from dataclasses import dataclass, replace
from typing import Self

BODY_LEVEL = 9
_DEEPEST = 8


@dataclass(frozen=True)
class Group:
    """What holds until a brace closes; `destination` is where the text goes: "" the document, "-" nowhere."""

    destination: str = ""
    font: int = 0
    replaced: int = 1
    is_raised: bool = False
    is_hidden: bool = False

    def after(self, word: str, number: int | None) -> Self:
        """The group from this control word on."""
        if word == "f":
            return replace(self, font=number or 0)
        if word == "uc":
            return replace(self, replaced=number or 0)
        if word == "super":
            return replace(self, is_raised=number != 0)
        if word in {"nosupersub", "sub"}:
            return replace(self, is_raised=False)
        if word in {"v", "deleted"}:
            return replace(self, is_hidden=number != 0)
        return replace(self, is_raised=False, is_hidden=False) if word == "plain" else self


@dataclass(frozen=True)
class Paragraph:
    """What the control words of a paragraph say, from one \\pard to the next."""

    style: int = 0
    level: int | None = None
    depth: int = 0
    in_table: bool = False

    def after(self, word: str, number: int) -> Self | None:
        """The paragraph from this control word on; None for a word that says nothing of paragraphs."""
        if word == "pard":
            return type(self)()
        if word == "s":
            return replace(self, style=number)
        if word == "outlinelevel":
            return replace(self, level=number + 1 if number < BODY_LEVEL else 0)
        if word == "ilvl":
            return replace(self, depth=min(number, _DEEPEST))
        return replace(self, in_table=True) if word == "intbl" else None
