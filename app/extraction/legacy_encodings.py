"""Tells texts in the encodings that were common before Unicode from each other.

Portuguese comes in cp1252 (Windows), cp850 (DOS, and exports of old cash registers) and Mac Roman. Whichever of
them makes the most plausible letters of a text's bytes is its encoding; charset-normalizer is asked about all other
languages. It is not asked first, as it takes Portuguese in cp1252 for Central European cp1250.
"""

import re
from typing import NamedTuple

_WESTERN = ("cp1252", "cp850", "mac_roman")
_SAMPLE = 65536
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_LONGEST_RUN = 3.0
"""How many bytes above 127 follow each other in Western texts, on average; in Chinese and Russian it is more."""
_PORTUGUESE = frozenset("áàâãéêíóôõúüçÁÀÂÃÉÊÍÓÔÕÚÜÇºª")
_OTHER_SIGNS = frozenset("äåæèëìîïñòöùûÿœßÄÅÈËÌÎÏÑÒÖÙÛŒ°§“”‘’–—…•·€£®©™²³½¼±×«»¿¡")
_PLAUSIBLE = 0.4
_PLAUSIBLE_IN_LONG_RUNS = 0.9
_CLEAR_LEAD = 0.25
_FEWEST_SIGNS = 3
_FEWEST_SIGNS_OF_OTHERS = 30


class Guess(NamedTuple):
    """A codec's name, and whether the text is long enough to be sure of it."""

    encoding: str
    certain: bool


def guess_encoding(data: bytes) -> Guess:
    """The encoding of a text that is not in Unicode; cp1252 where nothing speaks for another one."""
    sample = data[:_SAMPLE]
    runs = _HIGH_BYTES.findall(sample)
    high = sum(map(len, runs))
    are_short = high < _LONGEST_RUN * len(runs)
    candidates, enough = (_WESTERN, _PLAUSIBLE) if are_short else (_WESTERN[:1], _PLAUSIBLE_IN_LONG_RUNS)
    scores = {encoding: _plausibility(sample.decode(encoding, "replace")) for encoding in candidates}
    best = max(candidates, key=lambda encoding: scores[encoding])
    if scores[best] < enough and (other := _other_language(sample)):
        return Guess(other, high >= _FEWEST_SIGNS_OF_OTHERS)
    lead = scores[best] - max((scores[one] for one in candidates if one != best), default=0.0)
    return Guess(best, lead >= _CLEAR_LEAD and scores[best] >= enough and high >= _FEWEST_SIGNS)


def _plausibility(text: str) -> float:
    """From 0 to 1: how often characters beyond ASCII are letters and signs of Western Europe, in their place."""
    signs = [place for place, sign in enumerate(text) if sign > "\x7f"]
    return sum(_weight(text, place) for place in signs) / max(1, len(signs))


def _weight(text: str, place: int) -> float:
    sign, before, after = text[place], text[max(0, place - 1) : place], text[place + 1 : place + 2]
    weight = 1.0 if sign in _PORTUGUESE else 0.5 if sign in _OTHER_SIGNS else 0.0
    if sign.isupper() and before.islower():
        return 0.0
    if sign.islower() and sign not in "ºª" and before.isupper() and after.isupper():
        return 0.0
    inside = before.isalpha() and after.isalpha()
    return 0.0 if inside and not sign.isalpha() and sign != "’" else weight


def _other_language(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - most texts are in UTF-8

    match = from_bytes(sample, enable_fallback=False).best()
    return match.encoding if match else None
