"""The style sheet: which styles are headings, and of what level."""

import re

from app.extraction.rtf.state import BODY_LEVEL, Paragraph
from app.extraction.rtf.tokens import Token

_HEADING = re.compile(r"(?:heading|t[^ ;]{1,12}tulo) ?([1-9])|title", re.IGNORECASE)


class StyleSheet:
    """Filled style by style, from its control words and then its name."""

    def __init__(self) -> None:
        self._levels: dict[int, int] = {}
        self._style = 0
        self._level: int | None = None

    def note(self, token: Token) -> None:
        """A control word of the style that is being read."""
        if token.word == "s":
            self._style = token.number or 0
        elif token.word == "outlinelevel" and token.number is not None:
            self._level = token.number + 1 if token.number < BODY_LEVEL else 0

    def end_style(self, name: str) -> None:
        """The style that was read is called so."""
        match = _HEADING.fullmatch(name.strip().rstrip(";"))
        level = self._level or (int(match[1] or 1) if match else 0)
        if level:
            self._levels.setdefault(self._style, level)
        self._style, self._level = 0, None

    def level_of(self, paragraph: Paragraph) -> int:
        """The level of a heading, 0 for other text."""
        return self._levels.get(paragraph.style, 0) if paragraph.level is None else paragraph.level
