"""Words one slip of the finger away from a word."""

from collections.abc import Iterator

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def edits(word: str) -> Iterator[str]:
    """Every word one edit away: a letter left out, exchanged with the next, replaced or inserted.

    The edits of Damerau (1964), made as in Norvig, "How to Write a Spelling Corrector". `word` has at least two
    letters; the first one, which is seldom wrong, is only exchanged with the second.
    """
    yield word[1] + word[0] + word[2:]
    for position in range(1, len(word) + 1):
        before, after = word[:position], word[position:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        if after:
            yield before + after[1:]
        for letter in _LETTERS:
            if after:
                yield before + letter + after[1:]
            yield before + letter + after
