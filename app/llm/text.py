"""Text on its way to and from a model."""

import math
import re

_UTF8_BYTES_PER_TOKEN = 3.5
UNSENDABLE = re.compile("[\x00\ud800-\udfff]")


def clean_text(text: str) -> str:
    """`text` without NUL characters and lone surrogates, and without space around it."""
    return UNSENDABLE.sub("", text).strip()


def estimate_tokens(text: str) -> int:
    """About how many tokens `text` (already cleaned) is to a model.

    A rule of thumb for Western languages, meant for a provider that does not count: real tokenizers differ
    from it, and from each other, by about a quarter.
    """
    return math.ceil(len(text.encode()) / _UTF8_BYTES_PER_TOKEN)
