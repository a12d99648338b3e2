"""Text without case and accents, as people search and compare it."""

import unicodedata


def fold(text: str) -> str:
    """`text` in lower case, without accents, each character in its plainest form: "AÇÃO" and "acao" are equal.

    Unicode's NFKD and full case folding, then no combining marks: "ﬁ" becomes "fi", "½" becomes "1⁄2".
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))
