"""Brings customers' sentences and the examples into one form, in which they can be compared word by word."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from app.domain.chat_spelling import written_out
from app.domain.edits import edits
from app.domain.folding import fold
from app.services.handover_intent import vocabulary

_REPEATED_LETTER = re.compile(r"([^\W\d])\1{2,}")
_IS = re.compile(r"\bé\b", re.IGNORECASE)
_PHONE_NUMBER = re.compile(r"\(?\d[\d ().-]{6,18}\d")
_WORD = re.compile(r"\w+|\?")


class Normalizer:
    """Replaces words and phrases by the one that stands for them in the vocabulary."""

    def __init__(self) -> None:
        self._spelled = dict(_spellings())
        self._meaningless = _Phrases((phrase, "") for phrase in map(_plain, _listed(vocabulary.MEANINGLESS)))
        self._same = _Phrases(self._same_meaning())
        self._kind_of = {fold(word): fold(kind) for word, kind in vocabulary.KIND_OF.items()}
        self.articles = frozenset(_listed(vocabulary.ARTICLES))
        self.optional = frozenset(word for phrase in _listed(vocabulary.OPTIONAL) for word in self.words(phrase))

    def words(self, sentence: str) -> list[str]:
        """ "Vc pode me transferir p/ alguém de vdd?" becomes ["posso", "me transfere", "para", "humano", "?"]."""
        return self._same.replaced(self._with_meaning(sentence))

    def kinds(self, word: str) -> Iterator[str]:
        """`word` and every kind that it is of: "humano", "atendente", "alguem"."""
        yield word
        while word in self._kind_of:
            word = self._kind_of[word]
            yield word

    def _with_meaning(self, text: str) -> list[str]:
        return self._meaningless.replaced([self._spelled.get(word, word) for word in _plain(text)])

    def _same_meaning(self) -> Iterator[tuple[list[str], str]]:
        for phrase in _listed(vocabulary.OPTIONAL):
            yield self._with_meaning(phrase), " ".join(_plain(phrase))
        for meaning, phrases in vocabulary.SAME_MEANING.items():
            for phrase in (meaning, *_listed(phrases)):
                yield self._with_meaning(phrase), " ".join(_plain(meaning))


class _Phrases:
    """Words and phrases, each with the word that takes its position ("": none)."""

    def __init__(self, pairs: Iterable[tuple[list[str], str]]) -> None:
        self._replacements = {tuple(phrase): word for phrase, word in pairs}
        self._longest = max(map(len, self._replacements))

    def replaced(self, words: list[str]) -> list[str]:
        """`words` with the longest phrase at each position replaced."""
        position, found = 0, []
        while position < len(words):
            here = tuple(words[position : position + self._longest])
            size = next((size for size in range(len(here), 1, -1) if here[:size] in self._replacements), 1)
            found.append(self._replacements.get(here[:size], here[0]))
            position += size
        return [word for word in found if word]


def _plain(text: str) -> list[str]:
    """The words without case, accents, chats' abbreviations and letters repeated for emphasis.

    "é" becomes "eh", a telephone number the word "número".
    """
    composed = written_out(_PHONE_NUMBER.sub(" número ", unicodedata.normalize("NFC", text)))
    return _WORD.findall(_REPEATED_LETTER.sub(r"\1", fold(_IS.sub("eh", composed))))


def _spellings() -> Iterator[tuple[str, str]]:
    """Each wrong spelling with the right one; those that are words of their own are left alone."""
    lists = (vocabulary.MEANINGLESS, vocabulary.OPTIONAL, vocabulary.REAL_WORDS, *vocabulary.SAME_MEANING.values())
    real = {word for phrases in lists for word in _plain(phrases)}
    for word in _plain(vocabulary.OFTEN_MISSPELT):
        yield from ((edit, word) for edit in edits(word) if edit not in real)
    for word, spellings in vocabulary.SPELLINGS.items():
        yield from ((spelling, fold(word)) for spelling in map(fold, _listed(spellings)))


def _listed(phrases: str) -> Iterable[str]:
    return [phrase.strip() for phrase in phrases.replace("\n", " ").split(",") if phrase.strip()]
