"""Analyzes Portuguese text into the terms that are indexed and searched."""

import re
import unicodedata
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from app.knowledge.number_normalization import with_plain_numbers

ANALYSIS_VERSION = 4
"""To be raised with every change of the chain: an index made by another version is rebuilt."""

_LONGEST_TERM = 64
_REMEMBERED_WORDS = 8192
_ORDINAL = re.compile(r"(\d)[ºª°]")
_SENTENCE_END = re.compile(r"(?<=[.!?…;:])\s+|\n+")

# Folded, as they are looked up after folding: "não" arrives as "nao".
_STOPWORDS = """
a ao aos aquela aquelas aquele aqueles aquilo as ate com como da das de dela delas dele deles depois do dos
e ela elas ele eles em entre era eram eramos essa essas esse esses esta estamos estao estar estas estava
estavam estavamos este esteja estejam estejamos estes esteve estive estivemos estiver estivera estiveram
estiveramos estiverem estivermos estivesse estivessem estivessemos estou eu foi fomos for fora foram foramos
forem formos fosse fossem fossemos fui ha haja hajam hajamos hao havemos haver hei houve houvemos houver
houvera houveram houveramos houverao houverei houverem houveremos houveria houveriam houveriamos houvermos
houvesse houvessem houvessemos isso isto ja lhe lhes mais mas me mesmo meu meus minha minhas muito na nao
nas nem no nos nossa nossas nosso nossos num numa o os ou para pela pelas pelo pelos por qual quando que
quem se seja sejam sejamos sem ser sera serao serei seremos seria seriam seriamos seu seus so somos sou sua
suas tambem te tem temos tenha tenham tenhamos tenho ter tera terao terei teremos teria teriam teriamos teu
teus teve tinha tinham tinhamos tive tivemos tiver tivera tiveram tiveramos tiverem tivermos tivesse
tivessem tivessemos tu tua tuas um uma voce voces vos
aonde eh onde porque pra pras pro pros quais quanta quantas quanto quantos tb vc vcs
favor gostaria obrigada obrigado oi ola poderia saber
"""


class PortugueseAnalyzer:
    """Lower case, accents folded, stop words removed, then Snowball's Portuguese stemmer.

    Folding comes before stemming, so that a question typed without accents meets the same stems.
    """

    def __init__(self) -> None:
        self.tokenizer = _chain(_STOPWORDS.split())
        self._with_stopwords = _chain([])
        self._words = lru_cache(_REMEMBERED_WORDS)(self._analyzed)

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order, with repetitions."""
        return self.tokenizer.analyze(normalized(text))

    def sequence(self, text: str) -> list[str]:
        """The stems of all words of `text` in order, also of stop words."""
        return self._with_stopwords.analyze(normalized(text))

    def word(self, word: str) -> tuple[str | None, str]:
        """The term of one word (None for a stop word) and its stem; the words seen last are remembered."""
        return self._words(word)

    def _analyzed(self, word: str) -> tuple[str | None, str]:
        terms = self.terms(word)
        return terms[0] if terms else None, "".join(self.sequence(word))

    def outline(self, text: str) -> str:
        """The stems of all words, a line a sentence, each between two blanks."""
        lines = (" ".join(self.sequence(sentence)) for sentence in _SENTENCE_END.split(text))
        return "\n".join(f" {line} " for line in lines if line)


def _chain(stopwords: list[str]) -> TextAnalyzer:
    builder = (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST_TERM))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
    )
    if stopwords:
        builder = builder.filter(Filter.custom_stopword(stopwords))
    return builder.filter(Filter.stemmer("portuguese")).build()


def normalized(text: str) -> str:
    """`text` with letters and accents as one character each, numbers in digits, and without lone surrogates.

    The tokenizer would cut a word at an accent by itself, and refuse a surrogate; who asks for
    "artigo 7" means "Art. 7º", and who asks for "1444 reais" means "R$ 1.444,00".
    """
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    return with_plain_numbers(_ORDINAL.sub(r"\1", composed))
