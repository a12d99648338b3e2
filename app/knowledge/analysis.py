"""How Portuguese text becomes the terms that are indexed and looked up."""

import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

ANALYSIS_VERSION = 1
"""Grows with every change of the chain: an index made by another version is built anew."""

_LONGEST_TERM = 64

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
        self.tokenizer: TextAnalyzer = (
            TextAnalyzerBuilder(Tokenizer.simple())
            .filter(Filter.remove_long(_LONGEST_TERM))
            .filter(Filter.lowercase())
            .filter(Filter.ascii_fold())
            .filter(Filter.custom_stopword(_STOPWORDS.split()))
            .filter(Filter.stemmer("portuguese"))
            .build()
        )

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order, with repetitions."""
        return self.tokenizer.analyze(composed(text))


def composed(text: str) -> str:
    """`text` with letters and accents as one character each, and without lone surrogates.

    The tokenizer would cut a word at an accent that stands by itself, and refuse a surrogate.
    """
    return unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
