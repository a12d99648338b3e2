"""What happens in this process, counted as it happens.

The names follow Prometheus' conventions (https://prometheus.io/docs/practices/naming/). Labels are bounded: routes
as the code has them, the models of the settings, our own error codes; never an assistant, a user or a contact.
"""

import time
from collections.abc import Collection, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram

from app.domain.answers import Answer, Question
from app.domain.errors import ModelError
from app.services.ports.conversations import Answerer

OTHER = "other"
_NONE = "none"
# What the built-in answerer calls itself.
_EXTRACTIVE = "extractive"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_MODEL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)


class Meters:
    """Counts requests and answers; `models` are those that are told apart."""

    def __init__(self, registry: CollectorRegistry, models: Collection[str]) -> None:
        self._models = frozenset({*models, _EXTRACTIVE})
        self._requests = Counter(
            "orquestradora_requests", "Requests, by route", ("method", "route", "status"), registry=registry
        )
        self._request_seconds = Histogram(
            "orquestradora_request_seconds",
            "Time from a request to the end of its answer, by route",
            ("method", "route"),
            buckets=_REQUEST_SECONDS,
            registry=registry,
        )
        self._errors = Counter("orquestradora_errors", "Answers that are errors", ("code",), registry=registry)
        self._model_seconds = Histogram(
            "orquestradora_model_seconds",
            "Time a model took for an answer, or to fail",
            ("model",),
            buckets=_MODEL_SECONDS,
            registry=registry,
        )
        self._model_failures = Counter(
            "orquestradora_model_failures", "Questions that no model answered", ("code",), registry=registry
        )
        self._channel_attempts = Counter(
            "orquestradora_channel_sends",
            "Attempts to send parts by channels, by what came of them",
            ("kind", "outcome"),
            registry=registry,
        )
        self._media_refused = Counter(
            "orquestradora_media_refused",
            "Files of customers that could not be kept, by why",
            ("reason",),
            registry=registry,
        )
        self._tokens = Counter(
            "orquestradora_tokens", "Tokens models read and wrote", ("model", "direction"), registry=registry
        )

    def channel_attempt(self, kind: str, outcome: str) -> None:
        """A part was given to a provider; `outcome`: "accepted", or what its error says is to be done."""
        self._channel_attempts.labels(kind, outcome).inc()

    def media_refused(self, reason: str) -> None:
        """A customer's file is not kept."""
        self._media_refused.labels(reason).inc()

    def request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """A request was answered; `route` None: there is none at its address."""
        method, route = method if method in _METHODS else OTHER, route or OTHER
        self._requests.labels(method, route, f"{status // 100}xx").inc()
        self._request_seconds.labels(method, route).observe(seconds)

    def error(self, code: str) -> None:
        """A request was answered with this error."""
        self._errors.labels(code).inc()

    def answer(self, answer: Answer, seconds: float) -> None:
        """A model, or the built-in answerer, answered."""
        model = self._label(answer.model)
        self._model_seconds.labels(model).observe(seconds)
        self._tokens.labels(model, "in").inc(answer.tokens.input)
        self._tokens.labels(model, "out").inc(answer.tokens.output)

    def model_failure(self, model: str | None, code: str, seconds: float) -> None:
        """No model answered a question for this one."""
        self._model_seconds.labels(self._label(model)).observe(seconds)
        self._model_failures.labels(code).inc()

    def _label(self, model: str | None) -> str:
        if model is None:
            return _NONE
        return model if model in self._models else OTHER


class MeteredAnswerer:
    """Counts the answers and failures of an answerer; `model` is the one it asks unless a question names one."""

    def __init__(self, answerer: Answerer, meters: Meters, model: str | None) -> None:
        self._answerer = answerer
        self._meters = meters
        self._model = model

    def answer(self, question: Question, within: float) -> Answer:
        """As the answerer does it."""
        began = time.perf_counter()
        try:
            answer = self._answerer.answer(question, within)
        except ModelError as error:
            self._failed(question, error, began)
            raise
        self._meters.answer(answer, time.perf_counter() - began)
        return answer

    def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
        """As the answerer does it; the time is that until the last piece was taken."""
        began = time.perf_counter()
        try:
            for item in self._answerer.stream(question, within):
                if isinstance(item, Answer):
                    self._meters.answer(item, time.perf_counter() - began)
                yield item
        except ModelError as error:
            self._failed(question, error, began)
            raise

    def _failed(self, question: Question, error: ModelError, began: float) -> None:
        self._meters.model_failure(question.model or self._model, error.code, time.perf_counter() - began)
