"""A word that no document has becomes one that they have, if they differ by one slip of a finger."""

from collections.abc import Callable, Iterator

from app.knowledge.analysis import PortugueseAnalyzer

_SHORTEST = 4
_LONGEST = 24
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def corrected(word: str, analyzer: PortugueseAnalyzer, frequency: Callable[[str], int]) -> str | None:
    """The term, of words one edit away, that most rows have; None where none has any.

    `word` is in lower case without accents, `frequency` tells how many rows have a term. An edit leaves out,
    exchanges, replaces or inserts a letter (Damerau, 1964; Norvig, "How to Write a Spelling Corrector").
    """
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return None
    terms = dict.fromkeys(analyzer.terms(" ".join(_edits(word))))
    rows, best = max(((frequency(term), term) for term in terms), default=(0, ""), key=lambda found: found[0])
    return best if rows else None


def _edits(word: str) -> Iterator[str]:
    """Everything one edit away; the first letter, which is seldom wrong, is only exchanged with the second."""
    splits = [(word[:place], word[place:]) for place in range(1, len(word) + 1)]
    yield word[1] + word[0] + word[2:]
    for before, after in splits:
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        if after:
            yield before + after[1:]
        for letter in _LETTERS:
            if after:
                yield before + letter + after[1:]
            yield before + letter + after
