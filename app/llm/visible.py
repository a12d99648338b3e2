"""What of a model's text a customer may see: not the thinking that some servers put in front of the answer."""

import re

from app.llm.text import UNSENDABLE, clean_text

_OPENING, _CLOSING = "<think>", "</think>"
_THINKING = re.compile(rf"^\s*{_OPENING}.*?({_CLOSING}|\Z)", re.DOTALL)


def visible_text(text: str) -> str:
    """The answer in a model's `text`, cleaned."""
    return clean_text(_THINKING.sub("", text))


class VisibleText:
    """Hands out a growing text early; the pieces together are a beginning of what `visible_text` makes of it."""

    def __init__(self) -> None:
        self._held = ""
        self._is_answer = False
        self._is_thinking = False
        self._has_begun = False

    def add(self, text: str) -> str:
        """What can be shown now that `text` has come; often nothing."""
        self._held += text
        if not self._is_answer:
            self._skip_thinking()
        if not self._is_answer:
            return ""
        cleaned = UNSENDABLE.sub("", self._held)
        if not self._has_begun:
            cleaned = cleaned.lstrip()
        piece = cleaned.rstrip()
        self._held = cleaned[len(piece) :]  # space that only counts if something follows it
        self._has_begun = self._has_begun or bool(piece)
        return piece

    def _skip_thinking(self) -> None:
        if not self._is_thinking:
            start = self._held.lstrip()
            self._is_thinking = start.startswith(_OPENING)
            self._is_answer = not _OPENING.startswith(start[: len(_OPENING)])
        if self._is_thinking:
            _, closing, rest = self._held.partition(_CLOSING)
            self._is_answer = bool(closing)
            # Half of the closing tag may be all that has come of it.
            self._held = rest if closing else self._held[-len(_CLOSING) :]
