"""What of a long message is searched for."""

import re

_MOST_CHARACTERS = 400
_FEWEST_LETTERS = 20
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def searched_part(message: str) -> str:
    """At most 400 characters: all of a short message, the questions of a long one, else its beginning and its end.

    Computing a vector takes as long as a text is, and what surrounds a question hides it: where FaQuAD's questions
    are within 1,000 characters of chatter, the whole text finds nDCG@10 .09 to .41, the questions alone about .9
    (see `bench/README.md`). The last questions count; "Tudo bem?" is too short to be one.
    """
    if len(message) <= _MOST_CHARACTERS:
        return message
    return _last_questions(message) or _both_ends(message)


def _last_questions(message: str) -> str:
    sentences = (sentence.strip() for sentence in _SENTENCE_END.split(message))
    questions = [one for one in sentences if one.endswith("?") and sum(map(str.isalnum, one)) >= _FEWEST_LETTERS]
    chosen: list[str] = []
    left = _MOST_CHARACTERS
    for question in reversed(questions):
        if len(question) > left:
            break
        chosen.append(question)
        left -= len(question) + 1
    if not chosen and questions:
        return questions[-1][-_MOST_CHARACTERS:]
    return " ".join(reversed(chosen))


def _both_ends(message: str) -> str:
    half = (_MOST_CHARACTERS - 1) // 2
    return f"{message[:half]} {message[-half:]}"
