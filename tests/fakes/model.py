"""A model that says what it is told to."""

import re
from collections import deque
from collections.abc import Callable, Iterator

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens

Reply = str | Answer | Exception | Callable[[], str | Answer]


class FakeModel:
    """Answers with the queued replies in order, then with "Resposta."; keeps the questions it was asked.

    A queued text becomes an answer of 10 tokens in and 5 out, built from all passages; a queued exception is
    raised; a queued function is called and returns a text or an answer: what it does happens while the model is
    thinking.
    `within` holds the seconds each question was given.
    """

    def __init__(self, *answers: Reply) -> None:
        self.answers: deque[Reply] = deque(answers)
        self.questions: list[Question] = []
        self.within: list[float] = []

    def answer(self, question: Question, within: float) -> Answer:
        """The next queued answer."""
        self.questions.append(question)
        self.within.append(within)
        reply = self.answers.popleft() if self.answers else "Resposta."
        if isinstance(reply, Exception):
            raise reply
        said = reply() if callable(reply) else reply
        if isinstance(said, Answer):
            return said
        return Answer(said, Tokens(input=10, output=5), "fake", question.passages)

    def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
        """The next queued answer, word by word, then as a whole."""
        answer = self.answer(question, within)
        yield from re.findall(r"\s*\S+|\s+$", answer.text)
        yield answer

    def close(self) -> None:
        """Nothing to release."""
