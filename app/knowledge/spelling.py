"""A word that no document has becomes one that they have, if they differ by one slip of a finger."""

from collections.abc import Callable

from app.domain.edits import edits
from app.knowledge.analysis import PortugueseAnalyzer

_SHORTEST = 4
_LONGEST = 24


def corrected(word: str, analyzer: PortugueseAnalyzer, frequency: Callable[[str], int]) -> str | None:
    """The term, of words one edit away, that most rows have; None where none has any.

    `word` is in lower case without accents, `frequency` tells how many rows have a term.
    """
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return None
    terms = dict.fromkeys(analyzer.terms(" ".join(edits(word))))
    rows, best = max(((frequency(term), term) for term in terms), default=(0, ""), key=lambda found: found[0])
    return best if rows else None
