"""The language model as the rest of the service knows it: a question in, an answer or one of our errors out."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from app.domain.answers import Answer, Question
from app.domain.deadline import Deadline
from app.domain.errors import ModelError
from app.llm.config import ModelConfig
from app.llm.prompt import build_messages


class LanguageModel:
    """The configured model or an assistant's own, and the fallbacks; built once per process for all its threads.

    Raises `ModelSetupError` (one line naming the setting) if a configured model cannot be built.
    """

    def __init__(self, config: ModelConfig) -> None:
        # langchain takes a second and 80 MB to import, which a service without a model should not pay.
        from app.llm.candidates import Candidates  # noqa: PLC0415

        self._config = config
        self._candidates = Candidates(config)

    def answer(self, question: Question, within: float) -> Answer:
        """The answer of the first model that gives one.

        In `within` seconds or the configured timeout, whichever is shorter, raises `ModelUnavailableError`
        (unreachable, busy, or known to be down), `ModelTimeoutError`, or `ModelFailedError` (refused, cut off,
        empty, nonsense). With fallbacks, each model gets an equal part of the time that is left, and the error
        is that of the first model.
        """
        return next(item for item in self._reply(question, within, streamed=False) if isinstance(item, Answer))

    def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
        """The pieces of the answer's text as they come, then the answer; raises as `answer` does.

        A model that fails after its first piece is not replaced: its error is raised. The pieces joined are
        the answer's text, unless the model hands over after all: then they are void and the text is "".
        """
        return self._reply(question, within, streamed=True)

    def close(self) -> None:
        """Close the connections."""
        self._candidates.close()

    def _reply(self, question: Question, within: float, *, streamed: bool) -> Iterator[str | Answer]:
        prompt = build_messages(question)
        deadline = Deadline(min(within, self._config.timeout_seconds))
        temperature = self._config.temperature if question.temperature is None else question.temperature
        names = list(dict.fromkeys((question.model or self._config.model, *self._config.fallback_models)))
        errors: list[ModelError] = []
        for position, name in enumerate(names):
            share = deadline.share(len(names) - position)
            try:
                items = self._candidates.get(name, temperature).reply(prompt, share, streamed=streamed)
                first = next(items)
            except ModelError as error:
                errors.append(error)
                continue
            for item in chain((first,), items):
                yield replace(item, passages=question.passages) if isinstance(item, Answer) else item
            return
        raise errors[0]
