"""Words that are hyphenated at the end of a line are joined again."""

import re

from app.extraction.pdf.text_spans import HYPHEN

_BROKEN = re.compile(rf"([^\W\d_]*){HYPHEN}([^\W\d_]*)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ALWAYS_HYPHENATED = re.compile(
    r".+(?:[áéêíóô]-l[oa]s?|-lhes?|mos-nos|-feiras?)|(?:pré|pós|recém|além)-.+|guarda-.{4,}"
    r"|ar-condicionad.+",
    re.IGNORECASE,
)


def join_hyphenated_words(text: str) -> str:
    """ "informa-" and "ção" make "informação"; "bem-" and "estar" keep the hyphen where the text has it elsewhere.

    So do Portuguese words that always have one ("vendê-lo", "recém-nascido"), and parts before a capital.
    """
    if HYPHEN not in text:
        return text
    words = set(map(str.lower, _WORD.findall(_BROKEN.sub(" ", text))))

    def joined(match: re.Match[str]) -> str:
        before, after = match[1], match[2]
        hyphenated = f"{before}-{after}"
        if not before or not after or not after[0].islower():
            return hyphenated
        if (before + after).lower() in words:
            return before + after
        if hyphenated.lower() in words or _ALWAYS_HYPHENATED.fullmatch(hyphenated):
            return hyphenated
        return before + after

    return _BROKEN.sub(joined, text)
