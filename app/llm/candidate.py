"""One model that may answer: asks it, again where that helps, until a deadline."""

import logging
import time
from collections.abc import Iterator, Sequence

from app.domain.answers import Answer
from app.domain.deadline import Deadline
from app.llm.breaker import Breaker
from app.llm.calls import ModelCalls
from app.llm.failures import Failure, explain
from app.llm.prompt import Message
from app.llm.reply import read_reply
from app.llm.retries import delay_before_retry
from app.llm.visible import VisibleText

logger = logging.getLogger(__name__)


class Candidate:
    """The model `name`. An attempt that lasts `patience` seconds and then times out counts against it."""

    def __init__(self, name: str, calls: ModelCalls, breaker: Breaker, patience: float) -> None:
        self._name = name
        self._calls = calls
        self._breaker = breaker
        self._patience = patience

    def reply(self, prompt: Sequence[Message], deadline: Deadline, *, streamed: bool) -> Iterator[str | Answer]:
        """With `streamed` the answer's text in pieces; then the answer.

        Raises a `ModelError` by the deadline at the latest. Nothing is asked again once a piece is out.
        """
        retries = 0
        while True:
            self._breaker.admit()
            started, is_out = time.monotonic(), False
            try:
                for item in self._attempt(prompt, deadline, streamed=streamed):
                    is_out = True
                    if isinstance(item, Answer):
                        self._breaker.record(is_up=True)
                    yield item
                return
            except Exception as error:  # providers raise anything
                # A stream that has begun may have run out of time because its reader took it.
                is_patient = not is_out and time.monotonic() - started >= self._patience
                failure = explain(error, deadline, is_patient=is_patient)
            logger.warning("language model %s: %s", self._name, failure.reason)
            self._breaker.record(failure.is_up)
            delay = None if is_out else self._delay(failure, retries, deadline)
            if delay is None:
                raise failure.error
            time.sleep(delay)
            retries += 1

    def _attempt(self, prompt: Sequence[Message], deadline: Deadline, *, streamed: bool) -> Iterator[str | Answer]:
        if not streamed:
            yield read_reply(self._calls.ask(prompt, deadline), prompt, self._name)
            return
        text, shown = VisibleText(), 0
        for item in self._calls.stream(prompt, deadline):
            if isinstance(item, str):
                piece = text.add(item)
                shown += len(piece)
                if piece:
                    yield piece
                continue
            answer = read_reply(item, prompt, self._name)
            if rest := answer.text[shown:]:
                yield rest
            yield answer

    def _delay(self, failure: Failure, retries: int, deadline: Deadline) -> float | None:
        return delay_before_retry(failure, retries, deadline.left()) if self._breaker.is_closed else None
