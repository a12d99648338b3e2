"""Decides whether an answer says what was expected; the same answer always gets the same verdict, at no cost.

An expected text that the answer contains is enough. Otherwise all of its numbers, and most of its other words, have
to be in the answer, in whatever order and form; and the answer must not deny what was expected.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from app.domain.evaluations import Judgement, Reason, Verdict
from app.domain.folding import fold
from app.domain.trials import Trial
from app.services.evaluation.matching import words_of

Terms = Callable[[str], Sequence[str]]
"""The words of a text that mean something, in their stems, in order; numbers in digits."""

_ENOUGH = 0.6
_NEGATION = re.compile(r"\b(?:nao|nunca|nem|jamais|nenhuma?|no|not|never|nunca|tampoco)\b")
_YES = re.compile(r"\W*(?:sim|yes|si|claro)\b")
_NO = re.compile(r"\W*(?:nao|no|nunca)\b")
_RIGHT = Judgement(Verdict.RIGHT)


class AnswerJudge:
    """Judges answers by their words."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def judge(self, expected: str, files: Sequence[str], trial: Trial) -> Judgement:
        """Whether a trial found one of the files (if any) and said what was expected (if anything)."""
        answer = trial.answer
        if answer.handover_reason is not None:
            return Judgement(Verdict.WRONG, Reason.HANDED_OVER)
        found = {_name(passage.filename) for passage in trial.question.passages}
        if files and found.isdisjoint(map(_name, files)):
            return Judgement(Verdict.WRONG, Reason.FILE_NOT_FOUND, tuple(files))
        if not expected or _says(answer.text, expected):
            return _RIGHT
        if trial.unanswered:
            return Judgement(Verdict.WRONG, Reason.UNANSWERED)
        return self._compared(expected, answer.text)

    def _compared(self, expected: str, answer: str) -> Judgement:
        wanted, said = _distinct(self._terms(expected)), set(self._terms(answer))
        missing = [term for term in wanted if term not in said]
        numbers = tuple(term for term in missing if any(map(str.isdigit, term)))
        if numbers:
            return Judgement(Verdict.WRONG, Reason.NUMBERS_MISSING, numbers)
        if len(wanted) - len(missing) < _ENOUGH * len(wanted) or not wanted:
            return Judgement(Verdict.WRONG, Reason.WORDS_MISSING, tuple(missing))
        if _denies(fold(expected), fold(answer)):
            return Judgement(Verdict.WRONG, Reason.CONTRADICTS)
        return _RIGHT


def _says(answer: str, expected: str) -> bool:
    """Whether the answer contains the expected text, and does not begin with a no that this does not have."""
    is_in = f" {words_of(expected)} " in f" {words_of(answer)} "
    return is_in and not (_NO.match(fold(answer)) and not _NEGATION.search(fold(expected)))


def _denies(expected: str, answer: str) -> bool:
    """Whether one says no and the other does not."""
    if _NEGATION.search(expected):
        return _NEGATION.search(answer) is None or _YES.match(answer) is not None
    return _NO.match(answer) is not None


def _distinct(terms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(terms))


def _name(filename: str) -> str:
    return unicodedata.normalize("NFC", filename).casefold()
