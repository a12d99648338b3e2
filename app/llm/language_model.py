"""The language model as the rest of the service knows it: a question in, an answer or one of our errors out.

The models are asked in their order, each again where that helps, and all until one deadline.
"""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from app.domain.answers import Answer, Question
from app.domain.deadline import Deadline
from app.domain.errors import ModelError, ModelFailedError
from app.llm.breaker import Breaker
from app.llm.config import OPENAI, ModelConfig, ModelSetupError, split_provider
from app.llm.failures import delay_before_retry, explain, refused_parameter
from app.llm.prompt import build_messages
from app.llm.reply import ChatModel, ModelRequest, read_answer
from app.llm.thinking import ThinkingStyle

if TYPE_CHECKING:
    import httpx2

_MOST_MODELS = 128

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Model:
    """A model and what its replies have shown; `refused`: the parameters it does not take."""

    chat: ChatModel
    breaker: Breaker
    style: ThinkingStyle
    refused: frozenset[str] = frozenset()


class LanguageModel:
    """The configured model or an assistant's own, and the fallbacks; built once per process for all its threads.

    Raises `ModelSetupError` (one line naming the setting) if a configured model cannot be built. Of the models
    that assistants name, those used least are forgotten.
    """

    def __init__(self, config: ModelConfig, http_client: "httpx2.Client") -> None:
        self._config = config
        self._http_client = http_client
        self._lock = threading.Lock()  # lru_cache alone may build one thing twice at the same time
        self._models = lru_cache(_MOST_MODELS)(self._build)
        for name in (config.model, *config.fallback_models):
            self._models(*split_provider(name))

    def answer(self, question: Question, within: float) -> Answer:
        """The answer of the first model that gives one.

        In `within` seconds or the configured timeout, whichever is shorter, raises `ModelUnavailableError`
        (unreachable, busy, or known to be down), `ModelTimeoutError`, or `ModelFailedError` (refused, empty,
        nonsense). With fallbacks, each model gets an equal part of the time that is left, and the error
        is that of the first model.
        """
        return next(item for item in self._reply(question, within, is_streamed=False) if isinstance(item, Answer))

    def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
        """The pieces of the answer's text as they come, then the answer; raises as `answer` does.

        A model that fails after its first piece is not replaced: its error is raised. The pieces joined are
        the answer's text, but for three cases in which the text is what counts: the model hands over after all
        (""), its answer is cut (the whole sentences), or what it wrote turns out to have been thinking.
        """
        return self._reply(question, within, is_streamed=True)

    def _reply(self, question: Question, within: float, *, is_streamed: bool) -> Iterator[str | Answer]:
        """From the first model that gives one: the model of the question or the service, then the fallbacks."""
        temperature = self._config.temperature if question.temperature is None else question.temperature
        deadline = Deadline(min(within, self._config.timeout_seconds))
        if question.images and not self._config.sees_images:
            question = replace(question, images=())
        request = ModelRequest(build_messages(question), temperature, deadline, is_streamed=is_streamed)
        names = list(dict.fromkeys((question.model or self._config.model, *self._config.fallback_models)))
        errors: list[ModelError] = []
        for position, name in enumerate(names):
            share = deadline.share(len(names) - position)
            items = self._reply_of(name, replace(request, deadline=share))
            try:
                first = next(items)
            except ModelError as error:
                errors.append(error)
                continue
            for item in chain((first,), items):
                yield replace(item, passages=question.passages) if isinstance(item, Answer) else item
            return
        raise errors[0]

    def _reply_of(self, name: str, request: ModelRequest) -> Iterator[str | Answer]:
        """From one model, which is asked again where that helps, unless a piece is out already."""
        model, retries = self._model(name), 0
        while True:
            request = replace(request, left_out=model.refused)
            model.breaker.admit()
            started, is_out = time.monotonic(), False
            try:
                for item in _attempt(name, model, request):
                    is_out = True
                    yield item
                return
            except Exception as error:  # providers raise anything
                if _leaves_out(name, model, request, refused_parameter(error)):
                    continue
                # A stream that has begun may have run out of time because its reader took it.
                is_patient = not is_out and time.monotonic() - started >= self._config.patience_seconds
                failure = explain(error, request.deadline, is_patient=is_patient)
            logger.warning("language model %s: %s", name, failure.reason)
            model.breaker.record(failure.is_up)
            delay = delay_before_retry(failure, retries, request.deadline.left())
            if delay is None or is_out or not model.breaker.is_closed:
                raise failure.error
            time.sleep(delay)
            retries += 1

    def _model(self, name: str) -> _Model:
        """The model `name`; raises `ModelFailedError` if it cannot be set up."""
        try:
            with self._lock:
                return self._models(*split_provider(name))
        except ModelSetupError as error:
            logger.warning("language model not usable: %s", error.message)
        raise ModelFailedError("The language model could not answer this message.")

    def _build(self, provider: str, model: str) -> _Model:
        # openai takes 0.3 s and 25 MB to import, langchain 0.5 s and 40 MB: only who has such a model pays that.
        config = self._config.at(provider)
        breaker = Breaker(f"{provider}:{model}", config.breaker_failures, config.breaker_seconds)
        if provider == OPENAI:
            from app.llm.openai_model import OpenAIModel, is_openai_itself  # noqa: PLC0415

            style = ThinkingStyle(is_known=is_openai_itself(config.base_url))
            return _Model(OpenAIModel(model, config, self._http_client), breaker, style)
        from app.llm.langchain_model import LangchainModel  # noqa: PLC0415

        return _Model(LangchainModel(provider, model, config), breaker, ThinkingStyle())


def _attempt(name: str, model: _Model, request: ModelRequest) -> Iterator[str | Answer]:
    """One request: the visible pieces of the answer's text as far as they come, then the answer."""
    visible, shown = model.style.reader(), 0
    for item in model.chat.reply(request):
        if isinstance(item, str):
            if piece := visible.add(item):
                shown += len(piece)
                yield piece
            continue
        answer = read_answer(item, request.prompt, name, model.style)
        model.breaker.record(is_up=True)
        if (rest := answer.text[shown:]) and not visible.is_void:
            yield rest
        yield answer


def _leaves_out(name: str, model: _Model, request: ModelRequest, parameter: str | None) -> bool:
    """Whether the refused `parameter` was sent; it is not sent to this model any more."""
    if parameter is None or parameter in request.left_out:
        return False
    logger.warning("language model %s: refuses %s, which is left out from now on", name, parameter)
    model.refused |= {parameter}
    model.breaker.record(is_up=True)
    return True
