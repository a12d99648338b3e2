"""What of an answer that stopped at the limit of output tokens can be sent."""

import re

_ABBREVIATIONS = r"(?<!\bSr)(?<!\bSra)(?<!\bDr)(?<!\bDra)(?<!\bAv)(?<!\bTel)(?<!\bex)(?<!\bn)(?<!\bR)"
_SENTENCE_END = re.compile(rf"{_ABBREVIATIONS}[.!?…]+[\"'”’»)\]*_]*(?=\s|\Z)")
# "R$ 1." may go on as "1.299,00"; "2." at the start of a line is the number of an item that never came.
_OPEN_NUMBER = re.compile(r"\d\.\Z")
_EMPTY_ITEM = re.compile(r"(?:\A|\n)\s*(?:[-*•]|\d+[.)])\Z")
_LAST_WORD = re.compile(r"\s+\S*\Z")


def whole_sentences(text: str) -> str:
    """The beginning of `text` up to its last whole sentence or line; "" for an empty text.

    Where there is none, all but the last word, which may be half of one, with an ellipsis.
    """
    ends = [end.end() for end in _SENTENCE_END.finditer(_OPEN_NUMBER.sub("", text))]
    kept = text[: max([*ends[-1:], text.rfind("\n"), 0])].rstrip()
    while item := _EMPTY_ITEM.search(kept):
        kept = kept[: item.start()].rstrip()
    if kept or not text:
        return kept
    return _LAST_WORD.sub("", text).rstrip(" ,;:-") + "…"
