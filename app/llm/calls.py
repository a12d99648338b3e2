"""Calls of one model: the request that suits it, held to a deadline."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import httpx2
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_openai import ChatOpenAI

from app.domain.deadline import Deadline
from app.llm.chat_model import OPENAI, answer_options, build_chat_model, split_provider
from app.llm.completions import Completions, readable
from app.llm.config import ModelConfig
from app.llm.handover import tool_arguments
from app.llm.prompt import Message
from app.llm.refusals import refused_option
from app.llm.stream import read_stream
from app.net.enforcement import enforced, run_within

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Setup:
    """A chat model, what each call of it is given, and the parameters known to be refused."""

    chat_model: BaseChatModel
    arguments: dict[str, Any]
    left_out: frozenset[str]


class ModelCalls:
    """Asks the model `name`; raises `ModelSetupError` if it cannot be built.

    A parameter that the model refuses is left out from then on.
    """

    def __init__(self, name: str, config: ModelConfig, http_client: httpx2.Client) -> None:
        self._name = name
        self._config = config
        self._http_client = http_client
        self._is_openai = split_provider(name)[0] == OPENAI
        self._setup = self._set_up(frozenset())

    def ask(self, prompt: Sequence[Message], deadline: Deadline) -> BaseMessage:
        """The model's reply; raises whatever the provider does."""
        return self._without_refused(lambda setup: self._invoke(setup, prompt, deadline))

    def stream(self, prompt: Sequence[Message], deadline: Deadline) -> Iterator[str | BaseMessage]:
        """The reply's text in raw pieces as they come, where the provider streams; then the whole reply."""
        opened = self._without_refused(lambda setup: self._open(setup, prompt, deadline))
        if isinstance(opened, BaseMessage):
            yield opened
            return
        chat_model, response = opened
        for item in read_stream(response, deadline):
            if isinstance(item, str):
                yield item
            else:
                generation = chat_model._create_chat_result(readable(item)).generations[0]
                generation.message.response_metadata.update(generation.generation_info or {})
                yield generation.message

    def _invoke(self, setup: _Setup, prompt: Sequence[Message], deadline: Deadline) -> BaseMessage:
        if self._is_openai:
            with enforced(deadline):
                return setup.chat_model.invoke(list(prompt), **setup.arguments)
        return run_within(deadline.left(), lambda: setup.chat_model.invoke(list(prompt), **setup.arguments))

    def _open(
        self, setup: _Setup, prompt: Sequence[Message], deadline: Deadline
    ) -> tuple[ChatOpenAI, httpx2.Response] | BaseMessage:
        """The response to a request for a stream; the reply itself where that is not ours to request."""
        if not self._is_openai:
            return self._invoke(setup, prompt, deadline)
        chat_model = cast(ChatOpenAI, setup.chat_model)
        payload = chat_model._get_request_payload(list(prompt), **setup.arguments)
        if "messages" not in payload:  # a model that langchain asks at /responses
            return self._invoke(setup, prompt, deadline)
        payload["stream"] = True
        if "stream_options" not in setup.left_out:
            payload["stream_options"] = {"include_usage": True}
        completions: Completions = chat_model.client
        with enforced(deadline):
            return chat_model, completions.stream(**payload)

    def _without_refused(self, call: Callable[[_Setup], Result]) -> Result:
        while True:
            setup = self._setup
            try:
                return call(setup)
            except Exception as error:
                refused = refused_option(error)
                if refused is None or refused in setup.left_out:
                    raise
            logger.warning("language model %s: refuses %s, which is left out from now on", self._name, refused)
            self._setup = self._set_up(setup.left_out | {refused})

    def _set_up(self, left_out: frozenset[str]) -> _Setup:
        options = answer_options(self._name, self._config)
        kept = {option: value for option, value in options.items() if option not in left_out}
        chat_model = build_chat_model(self._name, self._config, kept, self._http_client)
        return _Setup(chat_model, {} if "tools" in left_out else tool_arguments(chat_model), left_out)
