"""Text on its way to and from a model."""

import math
import re

_UTF8_BYTES_PER_TOKEN = 3.5
UNSENDABLE = re.compile("[\x00\ud800-\udfff]")

_ABBREVIATIONS = r"(?<!\bSr)(?<!\bSra)(?<!\bDr)(?<!\bDra)(?<!\bAv)(?<!\bTel)(?<!\bex)(?<!\bn)(?<!\bR)"
_SENTENCE_END = re.compile(rf"{_ABBREVIATIONS}[.!?…]+[\"'”’»)\]*_]*(?=\s|\Z)")
# "R$ 1." may go on as "1.299,00"; "2." at the start of a line is the number of an item that never came.
_OPEN_NUMBER = re.compile(r"\d\.\Z")
_EMPTY_ITEM = re.compile(r"(?:\A|\n)\s*(?:[-*•]|\d+[.)])\Z")
_LAST_WORD = re.compile(r"\s+\S*\Z")


def clean_text(text: str) -> str:
    """`text` without NUL characters and lone surrogates, and without space around it."""
    return UNSENDABLE.sub("", text).strip()


def estimate_tokens(text: str) -> int:
    """About how many tokens `text` (already cleaned) is to a model.

    A rule of thumb for Western languages, meant for a provider that does not count: real tokenizers differ
    from it, and from each other, by about a quarter.
    """
    return math.ceil(len(text.encode()) / _UTF8_BYTES_PER_TOKEN)


def whole_sentences(text: str) -> str:
    """What of an answer that stopped at the limit of output tokens can be sent; "" for an empty text.

    It goes up to the last whole sentence or line. Where there is none, it is all but the last word, which may
    be half of one, with an ellipsis.
    """
    ends = [end.end() for end in _SENTENCE_END.finditer(_OPEN_NUMBER.sub("", text))]
    kept = text[: max([*ends[-1:], text.rfind("\n"), 0])].rstrip()
    while item := _EMPTY_ITEM.search(kept):
        kept = kept[: item.start()].rstrip()
    if kept or not text:
        return kept
    return _LAST_WORD.sub("", text).rstrip(" ,;:-") + "…"
