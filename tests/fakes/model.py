"""A model that says what it is told to."""

from collections import deque
from collections.abc import Callable

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens

Reply = str | Answer | Exception | Callable[[], str]


class FakeModel:
    """Answers with the queued replies in order, then with "Resposta."; keeps the questions it was asked.

    A queued text becomes an answer of 10 tokens in and 5 out, built from all passages; a queued exception is
    raised; a queued function is called and returns a text: what it does happens while the model is thinking.
    """

    def __init__(self, *answers: Reply) -> None:
        self.answers: deque[Reply] = deque(answers)
        self.questions: list[Question] = []

    def answer(self, question: Question) -> Answer:
        """The next queued answer."""
        self.questions.append(question)
        reply = self.answers.popleft() if self.answers else "Resposta."
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, Answer):
            return reply
        text = reply if isinstance(reply, str) else reply()
        return Answer(text, Tokens(input=10, output=5), "fake", question.passages)

    def close(self) -> None:
        """Nothing to release."""
