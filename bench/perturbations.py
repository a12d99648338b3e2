"""Questions as people type them: without accents, with a slip of a finger, in chat spelling, amid
much else; always the same."""

import random
import re
import unicodedata

from app.knowledge.analysis import PortugueseAnalyzer

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _ROWS
    for place, letter in enumerate(row)
}
_IN_CHATS = {
    "você": "vc",
    "vocês": "vcs",
    "quanto": "qto",
    "quantos": "qtos",
    "quando": "qdo",
    "também": "tb",
    "porque": "pq",
    "hoje": "hj",
    "que": "q",
    "não": "n",
    "é": "eh",
    "mesmo": "msm",
    "muito": "mto",
    "depois": "dps",
    "tudo": "td",
    "para": "pra",
}
_CHATTER = (
    "Bom dia, tudo bem com vocês aí?",
    "Desculpa escrever tanto, mas acho melhor explicar tudo de uma vez.",
    "Ontem eu liguei três vezes e ninguém atendeu, fiquei quase meia hora esperando na linha.",
    "Minha filha está estudando para a prova e me pediu ajuda, e eu não sei explicar direito.",
    "Eu trabalho o dia inteiro e só consigo mexer no celular na hora do almoço.",
    "Semana passada passei aí perto mas já estava fechado, uma pena.",
    "Já procurei no site, já perguntei para uma amiga, e cada um fala uma coisa diferente.",
    "Da outra vez que eu falei com vocês fui muito bem atendida, quero agradecer a moça.",
    "Estou mandando do celular do meu irmão porque o meu quebrou a tela.",
    "Tenho uma reunião às quatro da tarde e queria levar essa resposta pronta.",
    "Meu vizinho também está com a mesma dúvida e disse que ia escrever para vocês.",
    "Aqui está chovendo desde cedo e o trânsito está um horror.",
    "Não precisa mandar áudio não, porque estou no trabalho e não consigo ouvir.",
    "No mês passado foi a mesma confusão, no fim deu tudo certo graças a Deus.",
    "Será que alguém consegue me ajudar com isso?",
    "Fico no aguardo e desde já muito obrigada pela paciência.",
)
_ANALYZER = PortugueseAnalyzer()


def without_accents(question: str) -> str:
    """The question as typed on a keyboard without them."""
    return "".join(letter for letter in unicodedata.normalize("NFD", question) if not unicodedata.combining(letter))


def with_typo(question: str, question_id: str) -> str:
    """One letter exchanged with the next, left out, doubled or replaced by its neighbour, in one content word."""
    chosen = random.Random(question_id)
    words = [word for word in _WORD.finditer(question) if len(word[0]) >= _SHORTEST and _ANALYZER.terms(word[0])]
    if not words:
        return question
    word = chosen.choice(words)
    return question[: word.start()] + _mistyped(word[0], chosen) + question[word.end() :]


def in_chat_spelling(question: str) -> str:
    """Every word that chats abbreviate, abbreviated."""
    shortened = re.sub(r"\b[Pp]or que\b", "pq", re.sub(r"^O que\b|\bo que\b", "oq", question))
    return _WORD.sub(lambda word: _IN_CHATS.get(word[0].lower(), word[0]), shortened)


def within_chatter(question: str, question_id: str) -> str:
    """The question somewhere in some 1,000 characters of other things."""
    chosen = random.Random(question_id)
    sentences = chosen.sample(_CHATTER, k=14)
    sentences.insert(chosen.randrange(len(sentences) + 1), question)
    return " ".join(sentences)


def _mistyped(word: str, chosen: random.Random) -> str:
    place = chosen.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    plain = without_accents(letter).lower()
    neighbour = chosen.choice(_NEIGHBOURS.get(plain, plain))
    ways = (
        before + after[0] + letter + after[1:],
        before + after,
        before + 2 * letter + after,
        before + neighbour + after,
    )
    return chosen.choice(ways)
