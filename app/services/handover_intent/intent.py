"""Whether a message asks for a person."""

import re
import threading
from functools import cache
from typing import NamedTuple

from app.services.handover_intent.classifier import Classifier, taught_sentences
from app.services.handover_intent.matcher import Matcher
from app.services.handover_intent.normalization import Normalizer

_SENTENCE = re.compile(r"[^.!?;…\n]+\??")
_SENTENCE_ENDS = ".!?;…\n"
# In characters; most messages are shorter than two of them.
_LONGEST_END = 600

# Of the messages that do not ask and were not taught, one in a hundred scores as much.
_SURE = 5
# What is longer than all that was taught cannot be told by single words.
_MOST_WORDS = 30

_building = threading.Lock()


class _Readers(NamedTuple):
    """What reads a message."""

    normalizer: Normalizer
    matcher: Matcher
    classifier: Classifier


def wants_person(text: str) -> bool:
    """Whether `text` plainly asks for a human being (Portuguese, some Spanish and English).

    Doubtful messages are False: silencing the assistant wrongly is worse than missing a request, which the model
    can still notice. `text` may hold several messages, one per line. Of a long one only the beginning and the end
    are looked at, so that the time has a bound.
    """
    readers, sentences = _readers(), _sentences(text)
    reading = readers.matcher.read(sentences)
    if reading.example or reading.is_denied:
        return bool(reading.example)
    words = [word for sentence in sentences for word in sentence]
    return 0 < len(words) <= _MOST_WORDS and readers.classifier.score(words) > _SURE


def prepare() -> None:
    """Learn what asks for a person, which takes a quarter of a second, before the first message comes."""
    _readers()


def example_like(text: str) -> str | None:
    """The example that makes `text` a request for a person; None where none does."""
    return _readers().matcher.read(_sentences(text)).example


def _sentences(text: str) -> list[list[str]]:
    read = text if len(text) <= 2 * _LONGEST_END else _ends(text)
    normalizer = _readers().normalizer
    return [normalizer.words(sentence) for sentence in _SENTENCE.findall(read)]


def _ends(text: str) -> str:
    """Whole sentences, where there are any, of the beginning and of the end of `text`: half of one may say the
    opposite of the whole.
    """
    beginning, end = text[:_LONGEST_END], text[-_LONGEST_END:]
    last = max(beginning.rfind(mark) for mark in _SENTENCE_ENDS)
    first = min((end.find(mark) for mark in _SENTENCE_ENDS if mark in end), default=end.find(" "))
    return f"{beginning[: last + 1] or beginning}\n{end[first + 1 :]}"


def _readers() -> _Readers:
    """Built once, by one thread while the others wait: learning takes a quarter of a second."""
    with _building:
        return _built()


@cache
def _built() -> _Readers:
    normalizer = Normalizer()
    return _Readers(normalizer, Matcher(normalizer), Classifier(normalizer, *taught_sentences()))
