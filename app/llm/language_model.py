"""The language model as the rest of the service knows it: a question in, an answer or one of our errors out.

The models are asked in their order, each again where that helps, and all until one deadline.
"""

import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import TYPE_CHECKING

from app.domain.answers import Answer, Question
from app.domain.deadline import Deadline
from app.domain.errors import ModelError
from app.llm.config import ModelConfig
from app.llm.model_failures import Failure, explain
from app.llm.prompt import Message, build_messages
from app.llm.reply import read_answer

if TYPE_CHECKING:
    import httpx2

    from app.llm.models import GuardedModel

_MAX_RETRIES = 2
_FIRST_DELAY_SECONDS = 0.5

logger = logging.getLogger(__name__)


class LanguageModel:
    """The configured model or an assistant's own, and the fallbacks; built once per process for all its threads.

    Raises `ModelSetupError` (one line naming the setting) if a configured model cannot be built.
    """

    def __init__(self, config: ModelConfig, http_client: "httpx2.Client") -> None:
        # openai takes 0.3 s and 25 MB to import, which a service without a model should not pay.
        from app.llm.models import Models  # noqa: PLC0415

        self._config = config
        self._models = Models(config, http_client)

    def answer(self, question: Question, within: float) -> Answer:
        """The answer of the first model that gives one.

        In `within` seconds or the configured timeout, whichever is shorter, raises `ModelUnavailableError`
        (unreachable, busy, or known to be down), `ModelTimeoutError`, or `ModelFailedError` (refused, empty,
        nonsense). With fallbacks, each model gets an equal part of the time that is left, and the error
        is that of the first model.
        """
        return next(item for item in self._reply(question, within, streamed=False) if isinstance(item, Answer))

    def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
        """The pieces of the answer's text as they come, then the answer; raises as `answer` does.

        A model that fails after its first piece is not replaced: its error is raised. The pieces joined are
        the answer's text, but for three cases in which the text is what counts: the model hands over after all
        (""), its answer is cut (the whole sentences), or what it wrote turns out to have been thinking.
        """
        return self._reply(question, within, streamed=True)

    def _reply(self, question: Question, within: float, *, streamed: bool) -> Iterator[str | Answer]:
        """From the first model that gives one: the model of the question or the service, then the fallbacks."""
        prompt = build_messages(question)
        deadline = Deadline(min(within, self._config.timeout_seconds))
        temperature = self._config.temperature if question.temperature is None else question.temperature
        names = list(dict.fromkeys((question.model or self._config.model, *self._config.fallback_models)))
        errors: list[ModelError] = []
        for position, name in enumerate(names):
            share = deadline.share(len(names) - position)
            try:
                items = self._reply_of(self._models.get(name, temperature), prompt, share, streamed=streamed)
                first = next(items)
            except ModelError as error:
                errors.append(error)
                continue
            for item in chain((first,), items):
                yield replace(item, passages=question.passages) if isinstance(item, Answer) else item
            return
        raise errors[0]

    def _reply_of(
        self, model: "GuardedModel", prompt: Sequence[Message], deadline: Deadline, *, streamed: bool
    ) -> Iterator[str | Answer]:
        """From one model, which is asked again where that helps, unless a piece is out already."""
        for retries in count():
            model.breaker.admit()
            started, is_out = time.monotonic(), False
            try:
                for item in _attempt(model, prompt, deadline, streamed=streamed):
                    is_out = True
                    if isinstance(item, Answer):
                        model.breaker.record(is_up=True)
                    yield item
                return
            except Exception as error:  # providers raise anything
                # A stream that has begun may have run out of time because its reader took it.
                is_patient = not is_out and time.monotonic() - started >= self._config.patience_seconds
                failure = explain(error, deadline, is_patient=is_patient)
            logger.warning("language model %s: %s", model.name, failure.reason)
            model.breaker.record(failure.is_up)
            delay = delay_before_retry(failure, retries, deadline.left())
            if delay is None or is_out or not model.breaker.is_closed:
                raise failure.error
            time.sleep(delay)


def _attempt(
    model: "GuardedModel", prompt: Sequence[Message], deadline: Deadline, *, streamed: bool
) -> Iterator[str | Answer]:
    """One request. With `streamed` the answer's text in pieces, then the answer."""
    if not streamed:
        yield read_answer(model.chat.ask(prompt, deadline), prompt, model.name, model.style)
        return
    visible, shown = model.style.reader(), 0
    for item in model.chat.stream(prompt, deadline):
        if isinstance(item, str):
            piece = visible.add(item)
            shown += len(piece)
            if piece:
                yield piece
            continue
        answer = read_answer(item, prompt, model.name, model.style)
        if (rest := answer.text[shown:]) and not visible.is_void:
            yield rest
        yield answer


def delay_before_retry(failure: Failure, retries: int, seconds_left: float) -> float | None:
    """Seconds to wait before the next try after `retries` retries; None: give up.

    The provider's own `Retry-After` counts, and ends the matter if it does not fit into the time left;
    otherwise exponential back-off with jitter.
    """
    if not failure.retryable or retries >= _MAX_RETRIES:
        return None
    delay: float | None = failure.error.retry_after
    if delay is None:
        delay = _FIRST_DELAY_SECONDS * 2**retries * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret
    return delay if delay < seconds_left else None
