"""The language model as the rest of the service knows it: a question in, an answer or one of our errors out."""

from dataclasses import replace

from app.domain.answers import Answer, Question
from app.domain.errors import ModelError
from app.llm.config import ModelConfig
from app.llm.deadline import Deadline
from app.llm.prompt import build_messages


class LanguageModel:
    """One configured model and its fallbacks; built once per process and used by all its threads.

    Raises `ModelSetupError` (one line naming the setting) if a model cannot be built.
    """

    def __init__(self, config: ModelConfig) -> None:
        # langchain takes a second and 80 MB to import, which a service without a model should not pay.
        from app.llm.candidate import build_candidates  # noqa: PLC0415

        self._timeout_seconds = config.timeout_seconds
        self._candidates, self._http_client = build_candidates(config)

    def answer(self, question: Question) -> Answer:
        """The answer of the first model that gives one.

        Within the timeout, raises `ModelUnavailableError` (unreachable or busy), `ModelTimeoutError`, or
        `ModelFailedError` (refused, cut off, empty, nonsense). With fallbacks, each model gets an equal part
        of the time that is left, and the error is that of the first model.
        """
        prompt = build_messages(question)
        deadline = Deadline(self._timeout_seconds)
        errors: list[ModelError] = []
        for position, candidate in enumerate(self._candidates):
            try:
                answer = candidate.answer(prompt, deadline.share(len(self._candidates) - position))
                return replace(answer, passages=question.passages)
            except ModelError as error:
                errors.append(error)
        raise errors[0]

    def close(self) -> None:
        """Close the connections."""
        self._http_client.close()
