"""What of a model's text a customer may see: not the thinking that some models write around their answer.

Reasoning models think between tags, `<think>…</think>` in most cases; where a server's chat template writes the
opening tag into the prompt, only the closing one comes back. gpt-oss puts its thinking into a channel of its own
(OpenAI's "harmony" format): `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`,
of which some servers remove the tokens and leave `analysis…assistantfinal…`.
"""

import re
from enum import Enum, auto

from app.llm.text import UNSENDABLE

_NAMES = r"(?:\w{1,16}:)?(?:think|thinking|thoughts?|reasoning|reflection)"
_GAP = r"\s{0,3}"
# Each begins with a character of the first line, so that plain text is skipped fast.
_MARK = re.compile(
    r"(?=[<\[◁])(?:"
    rf"(?P<open><{_GAP}{_NAMES}(?:\s[^<>]{{0,60}})?>"
    r"|\[THINK\]|◁think▷|<\|(?:begin_of_thought|start_thinking|inner_prefix)\|>)"
    rf"|(?P<close><{_GAP}/{_GAP}{_NAMES}{_GAP}>"
    r"|\[/THINK\]|◁/think▷|<\|(?:end_of_thought|end_thinking|inner_suffix)\|>)"
    r"|(?P<header><\|(?:start|channel|end|return|call)\|>)"
    r"|(?P<message><\|message\|>)"
    # What is left of other formats: marks around the answer, tokens that end a turn.
    rf"|<{_GAP}/?{_GAP}(?:final_)?answer{_GAP}>|<[|｜][^<>|｜\s]{{1,50}}[|｜]>)",
    re.IGNORECASE,
)
_BEGUN_MARK = re.compile(r"(?:<[^<>]{0,80}|\[/?[a-z]{0,5}|◁/?[a-z]{0,5})\Z", re.IGNORECASE)

_CHANNELS = ("analysis", "commentary")
_BARE_CHANNEL = re.compile(r"\s*(?:analysis|commentary)(?=[A-Z0-9\"'“¿¡]|\s*to=)")
_BARE_HEADER = re.compile(r"\s*(?:analysis|commentary)(?=<)")
_BARE_FINAL = "assistantfinal"
_SHOWN = {"", "assistant", "final"}


class _Part(Enum):
    """What is being read."""

    START = auto()  # of the text, too short yet to tell whether it is the name of a channel
    ANSWER = auto()
    THINKING = auto()
    HEADER = auto()  # of a message in harmony format
    BARE_CHANNEL = auto()


class VisibleText:
    """Hands out the visible part of a growing text early, cleaned of what cannot be sent.

    With `is_held` nothing is handed out before a sign that thinking is over or opened by the model itself, or
    before the end. Without it, text may turn out to have been thinking after it was handed out: `is_void` then,
    and no more comes. `closed_unopened`: thinking ended that had no beginning.
    """

    def __init__(self, *, is_held: bool = False) -> None:
        self.is_void = False
        self.closed_unopened = False
        self._is_held = is_held
        self._part = _Part.START
        self._opens_itself = False
        self._nested = 0  # thoughts opened within a thought
        self._unread = ""  # it may be the beginning of a mark
        self._header = ""
        self._pending = ""  # visible, and not handed out yet
        self._has_begun = False
        self._follows_mark = False

    def add(self, text: str) -> str:
        """What can be shown now that `text` has come; often nothing."""
        self._read(self._unread + text)
        return self._hand_out()

    def finish(self) -> str:
        """What is left to be shown after the last `add`."""
        self._is_held = False
        self._read(self._unread, is_end=True)
        return self._hand_out()

    def _hand_out(self) -> str:
        if self.is_void or self._is_held:
            return ""
        cleaned = UNSENDABLE.sub("", self._pending)
        if not self._has_begun:
            cleaned = cleaned.lstrip()
        piece = cleaned.rstrip()
        self._pending = cleaned[len(piece) :]  # space that only counts if something follows it
        self._has_begun = self._has_begun or bool(piece)
        return piece

    def _read(self, text: str, *, is_end: bool = False) -> None:
        self._unread = ""
        if self._part is _Part.START:
            self._part = _part_at_start(text, is_end=is_end)
        if self._part is _Part.START:
            self._unread = text
        elif self._part is _Part.BARE_CHANNEL:
            _, final, rest = text.partition(_BARE_FINAL)
            self._unread = text[-len(_BARE_FINAL) :]
            if final:
                self._part, self._is_held = _Part.ANSWER, False
                self._read(rest, is_end=is_end)
        else:
            self._read_marks(text, is_end=is_end)

    def _read_marks(self, text: str, *, is_end: bool) -> None:
        read = 0
        for mark in _MARK.finditer(text):
            self._take(text[read : mark.start()])
            self._apply(mark)
            read = mark.end()
        begun = None if is_end else _BEGUN_MARK.search(text, read)
        self._unread = begun[0] if begun else ""
        self._take(text[read : len(text) - len(self._unread)])

    def _take(self, text: str) -> None:
        """Text without marks."""
        if self._part is _Part.HEADER:
            self._header += text
        elif self._part is _Part.ANSWER:
            if self._follows_mark and (self._pending[-1:].isspace() or not (self._pending or self._has_begun)):
                text = text.lstrip()
            self._follows_mark = self._follows_mark and not text
            self._pending += text

    def _apply(self, mark: re.Match[str]) -> None:
        self._follows_mark = True
        is_first = not (self._has_begun or self._pending.strip())
        if mark["open"]:
            self._nested += self._part is _Part.THINKING
            self._opens_itself = self._opens_itself or is_first
            self._part, self._is_held = _Part.THINKING, self._is_held and not is_first
        elif mark["close"]:
            self._close()
        elif mark["header"]:
            self._part, self._header, self._is_held = _Part.HEADER, "", self._is_held and not is_first
        elif mark["message"] and self._part is _Part.HEADER:
            name, *_ = self._header.lower().split() or [""]
            self._part = _Part.ANSWER if name in _SHOWN else _Part.THINKING

    def _close(self) -> None:
        """Thinking is over; where it was not under way, all there was turns out to have been thinking."""
        if self._part is _Part.THINKING:
            # After a thought within a thought, perhaps this was the end of the inner one.
            self._is_held = self._is_held or self._nested > 0
        else:
            self.closed_unopened = self.closed_unopened or not self._opens_itself
            self.is_void = self.is_void or self._has_begun
            self._nested = max(self._nested - 1, 0)
            self._pending, self._is_held = "", self._nested > 0
        self._part = _Part.ANSWER


def _part_at_start(text: str, *, is_end: bool) -> _Part:
    """What a text begins with."""
    if not is_end and any(channel.startswith(text.lstrip()) for channel in _CHANNELS):
        return _Part.START
    if _BARE_CHANNEL.match(text):
        return _Part.BARE_CHANNEL
    return _Part.HEADER if _BARE_HEADER.match(text) else _Part.ANSWER


class ThinkingStyle:
    """How one model marks its thinking, as far as its replies have shown.

    Until a whole reply is known, and for ever after one that ended a thought it had not opened, the model's text
    is held back while it streams: nothing else would tell its thinking from its answer. `is_known`: the server
    is known to keep thinking apart.
    """

    def __init__(self, *, is_known: bool = False) -> None:
        self._is_known = is_known
        self.closes_unopened = False

    def reader(self) -> VisibleText:
        """What a stream of this model is read with."""
        return VisibleText(is_held=self.closes_unopened or not self._is_known)

    def visible_text(self, text: str, *, is_cut: bool) -> str:
        """The answer in a reply's whole `text`, cleaned, from which the style is learnt.

        "" where the text `is_cut` and may be nothing but thinking.
        """
        visible = VisibleText()
        shown = visible.add(text) + visible.finish()
        if visible.closed_unopened:
            self.closes_unopened = True
        elif is_cut and self.closes_unopened:
            return ""
        elif shown and not is_cut:
            self._is_known = True
        return shown
