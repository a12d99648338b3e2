"""Answers without a language model, by quoting the sentences of a document that match the question."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from app.domain.answers import Answer, Question
from app.domain.chat_spelling import written_out
from app.domain.conversations import Tokens
from app.domain.documents import Passage
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.fusion import ANSWERABLE, SURE
from app.knowledge.quotable import Sentence, quotable_sentences
from app.knowledge.small_talk import reply_to_small_talk

_WORTH_ADDING = 0.4
_QUESTION_WEIGHT = 0.8
_HEADING_WEIGHT = 0.5
_LONGEST_QUOTE = 500

_SURE = "Segundo o documento “{filename}”:"
_UNSURE = "Pode não ser a resposta que você procura, mas encontrei isto no documento “{filename}”:"
_NOTHING_FOUND = "Não encontrei essa informação nos documentos. Você pode perguntar de outra forma?"


class ExtractiveAnswerer:
    """Quotes one or two sentences of the best passage verbatim, and names the document.

    Where the score of that passage leaves a doubt, the answer says that it may be another; where it is too low for
    the documents to hold an answer, that nothing was found.
    """

    def __init__(self) -> None:
        self._analyzer = PortugueseAnalyzer()

    def answer(self, question: Question, within: float) -> Answer:
        """A reply in Portuguese; raises nothing, and costs no tokens."""
        small_talk = reply_to_small_talk(question.message)
        if small_talk is not None:
            return _answer(small_talk)
        best = max(question.passages, key=lambda passage: passage.score, default=None)
        if best is None or best.score < ANSWERABLE:
            return _answer(_NOTHING_FOUND)
        quote = self._quote(question.message, best)
        if not quote:
            return _answer(_NOTHING_FOUND)
        introduction = _SURE if best.score >= SURE or self._has_all_terms(best, question.message) else _UNSURE
        return _answer(f"{introduction.format(filename=best.filename)} {quote}", best)

    def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
        """The answer's text in one piece, then the answer."""
        answer = self.answer(question, within)
        yield answer.text
        yield answer

    def _has_all_terms(self, passage: Passage, message: str) -> bool:
        return set(self._analyzer.terms(written_out(message))) <= set(self._analyzer.terms(passage.text))

    def _quote(self, message: str, passage: Passage) -> str:
        """The sentences of `passage` that match `message` best; "" when there are none."""
        found = quotable_sentences(passage.text)
        if not found:
            return ""
        wanted = set(self._analyzer.terms(written_out(message)))
        own = [wanted.intersection(self._analyzer.terms(sentence.text)) for sentence in found]
        weights = _idf(wanted, own)
        scores = [
            self._score(sentence, matched, wanted, weights) for sentence, matched in zip(found, own, strict=True)
        ]
        best, *others = sorted(range(len(found)), key=lambda position: -scores[position])
        if not own[best]:
            return _rendered(found, _section(found, best))
        positions = _with_list(found, best)
        if others and scores[others[0]] >= _WORTH_ADDING * scores[best]:
            positions |= _with_list(found, others[0])
        return _rendered(found, positions)

    def _score(self, sentence: Sentence, matched: set[str], wanted: set[str], weights: dict[str, float]) -> float:
        """The sum of the idf of the question's terms in the sentence; terms only in its context count less."""
        missing = wanted - matched
        above = sum(weights[term] for term in missing.intersection(self._analyzer.terms(sentence.question)))
        around = self._analyzer.terms(f"{sentence.heading}\n{sentence.lead}")
        beside = sum(weights[term] for term in missing.intersection(around))
        return sum(weights[term] for term in matched) + max(_QUESTION_WEIGHT * above, _HEADING_WEIGHT * beside)


def _answer(text: str, *passages: Passage) -> Answer:
    return Answer(text, Tokens(0, 0, estimated=False), "extractive", passages)


def _idf(wanted: Iterable[str], matched: Sequence[set[str]]) -> dict[str, float]:
    """The idf of each wanted term, with the sentences of the passage as documents."""
    having = Counter(term for terms in matched for term in terms)
    return {term: math.log(1 + (len(matched) - having[term] + 0.5) / (having[term] + 0.5)) for term in wanted}


def _section(found: Sequence[Sentence], first: int) -> set[int]:
    """The sentences from `first` on under the same heading or question, 500 characters at most."""
    positions, length = {first}, len(found[first].text)
    for position in range(first + 1, len(found)):
        length += len(found[position].text)
        context = found[position].heading, found[position].question
        if length > _LONGEST_QUOTE or context != (found[first].heading, found[first].question):
            break
        positions.add(position)
    return positions


def _with_list(found: Sequence[Sentence], position: int) -> set[int]:
    """The sentence at `position`, with those that it introduces, or with the line that introduces it."""
    sentence = found[position]
    positions, length, leads = {position}, len(sentence.text), {sentence.text}
    for after in range(position + 1, len(found)):
        length += len(found[after].text)
        if found[after].lead not in leads or length > _LONGEST_QUOTE:
            break
        positions.add(after)
        leads.add(found[after].text)
    if sentence.lead and not sentence.is_whole:
        positions |= {next(before for before in range(position - 1, -1, -1) if found[before].text == sentence.lead)}
    return positions


def _rendered(found: Sequence[Sentence], positions: set[int]) -> str:
    """The sentences at `positions` in order, with "[…]" where others are left out between them."""
    ordered = sorted(positions)
    first = found[ordered[0]]
    leads_on = any(found[position].lead == first.text for position in ordered)
    parts = [first.text if leads_on else _under_heading(first)]
    for before, position in pairwise(ordered):
        if not found[before].is_whole:
            parts.append("\n")
        else:
            parts.append(" " if position == before + 1 else " […] ")
        parts.append(found[position].text)
    return "".join(parts)


def _under_heading(sentence: Sentence) -> str:
    """The text, after its heading where it is no whole sentence."""
    if sentence.heading and not (sentence.question or sentence.is_whole):
        return f"{sentence.heading.rpartition(' > ')[2]}: {sentence.text}"
    return sentence.text
