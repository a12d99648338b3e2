"""Words that a PDF breaks at the end of a line are put together again."""

import re

from app.extraction.pdf.runs import HYPHEN

_BROKEN = re.compile(rf"([^\W\d_]*){HYPHEN}([^\W\d_]*)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ALWAYS_HYPHENED = re.compile(
    r".+(?:[áéêíóô]-l[oa]s?|-lhes?|mos-nos|-feiras?)|(?:pré|pós|recém|além)-.+|guarda-.{4,}"
    r"|ar-condicionad.+",
    re.IGNORECASE,
)


def join_words(text: str) -> str:
    """ "informa-" and "ção" make "informação"; "bem-" and "estar" keep the hyphen where the text has it elsewhere.

    So do Portuguese words that always have it ("vendê-lo", "recém-nascido"), and what no small letter follows.
    """
    if HYPHEN not in text:
        return text
    words = set(map(str.lower, _WORD.findall(_BROKEN.sub(" ", text))))

    def joined(match: re.Match[str]) -> str:
        before, after = match[1], match[2]
        hyphened = f"{before}-{after}"
        if not before or not after or not after[0].islower():
            return hyphened
        if (before + after).lower() in words:
            return before + after
        if hyphened.lower() in words or _ALWAYS_HYPHENED.fullmatch(hyphened):
            return hyphened
        return before + after

    return _BROKEN.sub(joined, text)
