"""Writes numbers in one way, so that "R$1444", "1.444 reais" and "R$ 1.444,00" have the same terms."""

import re

_WORDS = {
    "dois": 2,
    "duas": 2,
    "três": 3,
    "tres": 3,
    "quatro": 4,
    "cinco": 5,
    "seis": 6,
    "sete": 7,
    "oito": 8,
    "nove": 9,
    "dez": 10,
    "onze": 11,
    "doze": 12,
    "treze": 13,
    "quatorze": 14,
    "catorze": 14,
    "quinze": 15,
    "dezesseis": 16,
    "dezessete": 17,
    "dezoito": 18,
    "dezenove": 19,
    "vinte": 20,
    "trinta": 30,
    "quarenta": 40,
    "cinquenta": 50,
    "cincoenta": 50,
    "sessenta": 60,
    "setenta": 70,
    "oitenta": 80,
    "noventa": 90,
    "cem": 100,
    "cento": 100,
    "duzentos": 200,
    "duzentas": 200,
    "trezentos": 300,
    "trezentas": 300,
    "quatrocentos": 400,
    "quatrocentas": 400,
    "quinhentos": 500,
    "quinhentas": 500,
    "seiscentos": 600,
    "seiscentas": 600,
    "setecentos": 700,
    "setecentas": 700,
    "oitocentos": 800,
    "oitocentas": 800,
    "novecentos": 900,
    "novecentas": 900,
    "mil": 1000,
}
_ONE = {"um": 1, "uma": 1}
_MAGNITUDES = {"k": 3, "mil": 3, "milh": 6, "bilh": 9}

_WORD = "|".join(_WORDS)
# The first letters alone, before any word is compared, make this four times as fast.
_IN_WORDS = re.compile(
    rf"\b(?=[cdmnoqstvCDMNOQSTV])(?<!por )(?<!\d )(?i:(?:{_WORD})\b(?:(?: e)? (?:{_WORD}|um|uma)\b)*)"
)
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?!\.?\d)")
_NO_CENTS = re.compile(r"(?<=\d),0{1,2}(?!\d)")
_LARGE = re.compile(
    r"(?<![\d.,])(?P<whole>\d{1,6})(?:,(?P<part>\d{1,3}))?\s?"
    r"(?:(?P<mil>mil|k)\b(?: e (?P<rest>\d{1,3})\b)?|(?P<more>[mb]ilh)(?:ão|ao|ões|oes)\b)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"R\$\s*(\d+(?:[.,]\d+)*)", re.IGNORECASE)
_PERCENT = re.compile(r"(?<=\d)\s?(?:%|por\s?cento\b)", re.IGNORECASE)
_TIMES = re.compile(r"(?<=\d)(?:x\b| x(?= (?:de|sem|iguais)\b))", re.IGNORECASE)
_HOURS = re.compile(r"\b0?(\d{1,2})\s?(?:h|hs|hrs)\b", re.IGNORECASE)


def with_plain_numbers(text: str) -> str:
    """`text` with numbers in digits, amounts as "1444 reais", and "10 porcento", "2 vezes", "8 horas".

    "três mil", "3mil", "3k" and "3.000,00" become "3000", "1.299" becomes "1299"; cents other than 00 keep their
    comma. "um" remains a word where it is alone, as it is an article, too. Linear in the length of `text`.
    """
    text = _NO_CENTS.sub("", _THOUSANDS.sub(lambda found: found[0].replace(".", ""), text))
    text = _LARGE.sub(_written_out, _IN_WORDS.sub(lambda found: _in_digits(found[0]), text))
    text = _CURRENCY.sub(r"\1 reais", text)
    return _HOURS.sub(r"\1 horas", _TIMES.sub(" vezes", _PERCENT.sub(" porcento", text)))


def _written_out(found: re.Match[str]) -> str:
    """ "1,5 milhões" as "1500000"."""
    zeros = _MAGNITUDES[(found["mil"] or found["more"]).lower()]
    part = found["part"] or ""
    return str(int(found["whole"] + part.ljust(zeros, "0")) + int(found["rest"] or 0))


def _in_digits(words: str) -> str:
    """ "mil e duzentos" as "1200"; "dois e três", which are two numbers, as "2 e 3"."""
    written: list[str] = []
    number, room, joined = 0, 0, False
    for word in words.lower().split():
        if word == "e":
            joined = True
            continue
        value = _WORDS.get(word) or _ONE[word]
        if value == 1000 and 0 < number < 1000:
            number, room = number * 1000, 1000
        elif value < room and (joined or room == 1000):
            number, room = number + value, _room_below(value)
        else:
            written += [str(number)] if number else []
            written += ["e"] if joined else []
            number, room = (0, 0) if word in _ONE else (value, _room_below(value))
            written += [word] if word in _ONE else []
        joined = False
    return " ".join([*written, *([str(number)] if number else [])])


def _room_below(value: int) -> int:
    """Below which value a further word adds to a number: 10 after "trinta", 100 after "cento", 1000 after "mil"."""
    return next((room for least, room in ((1000, 1000), (100, 100), (20, 10)) if value >= least), 0)
