"""A model that says what it is told to."""

from collections import deque

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens


class FakeModel:
    """Answers with the queued answers in order, then with "Resposta."; keeps the questions it was asked.

    A queued text becomes an answer of 10 tokens in and 5 out; a queued exception is raised.
    """

    def __init__(self, *answers: str | Answer | Exception) -> None:
        self.answers = deque(answers)
        self.questions: list[Question] = []

    def answer(self, question: Question) -> Answer:
        """The next queued answer."""
        self.questions.append(question)
        answer = self.answers.popleft() if self.answers else "Resposta."
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Answer):
            return answer
        return Answer(text=answer, tokens=Tokens(input=10, output=5), model="fake")

    def close(self) -> None:
        """Nothing to release."""
