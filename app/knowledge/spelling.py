"""Corrects a question's word that no document has to a term that documents have, one edit away."""

from collections.abc import Callable

from app.domain.edits import edits
from app.knowledge.analysis import PortugueseAnalyzer

_SHORTEST = 4
_LONGEST = 24


def corrected(word: str, analyzer: PortugueseAnalyzer, frequency: Callable[[str], int]) -> str | None:
    """The term one edit away from `word` that most rows have; None where no row has such a term.

    `word` is in lower case and without accents; `frequency` returns the number of rows that have a term.
    """
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return None
    terms = dict.fromkeys(analyzer.terms(" ".join(edits(word))))
    rows, best = max(((frequency(term), term) for term in terms), default=(0, ""), key=lambda found: found[0])
    return best if rows else None
