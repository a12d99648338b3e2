"""Knowledge and models whose work shows in traces."""

from collections.abc import Iterator

from app.domain.answers import Answer, Question
from app.domain.documents import Passage
from app.domain.errors import ModelError
from app.services.ports.conversations import Answerer
from app.services.ports.knowledge import PassageSearch
from app.services.ports.tracing import Span, Tracing


class TracedKnowledge:
    """Knowledge whose searches are steps of a trace."""

    def __init__(self, knowledge: PassageSearch, tracing: Tracing) -> None:
        self._knowledge = knowledge
        self._tracing = tracing

    def search(self, assistant_id: str, version: int, question: str) -> tuple[Passage, ...]:
        """As the knowledge does it."""
        with self._tracing.step("retrieval") as span:
            passages = self._knowledge.search(assistant_id, version, question)
            span.set("orquestradora.passages", len(passages))
            return passages


class TracedAnswerer:
    """An answerer whose answers are steps of a trace."""

    def __init__(self, answerer: Answerer, tracing: Tracing) -> None:
        self._answerer = answerer
        self._tracing = tracing

    def answer(self, question: Question, within: float) -> Answer:
        """As the answerer does it."""
        with self._tracing.step("model") as span:
            answer = self._answerer.answer(question, within)
            _describe(span, answer)
            return answer

    def stream(self, question: Question, within: float) -> Iterator[str | Answer]:
        """As the answerer does it; the step lasts until the last piece was taken."""
        span = self._tracing.begin("model")
        try:
            for item in self._answerer.stream(question, within):
                if isinstance(item, Answer):
                    _describe(span, item)
                yield item
        except ModelError as error:
            span.fail(error.code)
            raise
        finally:
            span.end()


def _describe(span: Span, answer: Answer) -> None:
    """As https://opentelemetry.io/docs/specs/semconv/gen-ai/ names it."""
    if answer.model:
        span.set("gen_ai.response.model", answer.model)
    span.set("gen_ai.usage.input_tokens", answer.tokens.input)
    span.set("gen_ai.usage.output_tokens", answer.tokens.output)
