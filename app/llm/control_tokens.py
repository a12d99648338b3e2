"""Control tokens of chat templates, made plain text in what strangers write.

A local server may read `<|im_start|>` or `[INST]` as the beginning of a turn even inside a message. A space after
the first character keeps such a word readable and makes it plain text. The forms are those of the published chat
templates of Llama, Mistral, Gemma, Qwen, DeepSeek, Phi, Command-R, GLM, Granite, Kimi, MiniMax, EXAONE, Nemotron,
gpt-oss. Templates that mark a turn by ordinary words, such as Vicuna's `USER:`, have no control tokens to break.
"""

import re
import unicodedata

_LONGEST_NAME = 64
# With the full-width forms: DeepSeek's tokens have one, and tokenizers that normalize read all as the usual ones.
_LESS, _GREATER, _BAR, _SLASH = "<\uff1c\ufe64", ">\uff1e\ufe65", "|\uff5c", "/\uff0f"
_OPENING, _CLOSING = "\\[\uff3b", "\\]\uff3d"

# Tag characters, variation selectors other than those of emoji, marks of direction, and what is zero or blank wide:
# they can carry a hidden text to a model, or hide a token from whoever looks for it.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Joiners make emoji of several and are letters' business in Persian and Hindi; nowhere beside ASCII.
_ODD_JOINER = re.compile(
    r"(?:(?<=[\x00-\x7f\uff01-\uff5e])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f\uff01-\uff5e]|$)"
)

_NAME = rf"[^\s{_LESS}{_GREATER}{_BAR}{_SLASH}]{{1,{_LONGEST_NAME}}}"
# All begin with one class of characters, which lets ordinary text pass fast.
_TOKEN = re.compile(
    rf"[{_LESS}{_OPENING}{_CLOSING}](?:"
    rf"(?<![{_CLOSING}])(?=[{_BAR}])"
    rf"|(?<=[{_LESS}])(?={_NAME}[{_BAR}][{_GREATER}])"
    rf"|(?<=[{_LESS}])(?=[{_LESS}][{_SLASH}]?(?i:sys)[{_GREATER}])"
    rf"|(?<=[{_LESS}])(?=[{_SLASH}]?(?P<angled>{_NAME})[{_GREATER}])"
    rf"|(?<=[{_OPENING}])(?=[{_SLASH}]?(?P<square>\w{{1,{_LONGEST_NAME}}})[{_CLOSING}])"
    r"|(?<=\])(?=~!?b\[|~b\])|(?<=\[)(?=e~\[)"
    r")"
)
# `start_of_turn`, `extra_id_0`, `seed:bos`: a word with an underscore or a colon is from no language people write.
_COMPOUND = re.compile(r"[a-z0-9]+(?:[_:][a-z0-9]+)+|(?:function|parameter)=.*|(?:unused|ctrl)\d+")
# fmt: off
_ANGLED = frozenset((
    "s", "bos", "eos", "unk", "pad", "mask", "sop", "eop", "cls", "sep", "think", "thinking", "thought", "tools",
    "toolcall", "observation",
))
_SQUARE = frozenset((
    "inst", "sys", "system_prompt", "available_tools", "tool_calls", "tool_results", "tool_content", "args",
    "call_id", "think", "img", "img_break", "img_end", "audio", "begin_audio", "transcribe", "prefix", "middle",
    "suffix", "model_settings", "gmask", "smask", "mask", "sop", "eop", "bos", "eos", "cls", "sep", "pad", "unk",
))
# fmt: on
_UNUSED = re.compile(r"unused_?(?:token_?)?\d+")


def defuse(text: str) -> str:
    """`text` without invisible characters, and with every control token broken by a space: `< |im_end|>`."""
    visible = text if text.isascii() else _without_invisible(text)
    return _TOKEN.sub(_broken, visible)


def _without_invisible(text: str) -> str:
    visible = _INVISIBLE.sub("", text)
    has_joiners = "\u200c" in visible or "\u200d" in visible
    return _ODD_JOINER.sub("", visible) if has_joiners else visible


def _broken(found: re.Match[str]) -> str:
    if (angled := found["angled"]) is not None and not _is_angled(_folded(angled)):
        return found[0]
    if (square := found["square"]) is not None and not _is_square(_folded(square)):
        return found[0]
    return f"{found[0]} "


def _is_angled(name: str) -> bool:
    return name in _ANGLED or _COMPOUND.fullmatch(name) is not None


def _is_square(name: str) -> bool:
    return name in _SQUARE or _UNUSED.fullmatch(name) is not None


def _folded(name: str) -> str:
    """As a tokenizer that normalizes its input reads it."""
    return unicodedata.normalize("NFKC", name).casefold()
