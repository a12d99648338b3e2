"""One of the configured models: asks it, again where that helps, until a deadline."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

import httpx2
from langchain_core.exceptions import ModelInvalidRequestError
from langchain_core.messages import BaseMessage

from app.domain.answers import Answer
from app.llm.chat_model import OPENAI, answer_options, build_chat_model, split_provider
from app.llm.config import ModelConfig
from app.llm.deadline import Deadline, run_within
from app.llm.failures import explain
from app.llm.prompt import Message
from app.llm.reply import read_reply
from app.llm.retries import delay_before_retry
from app.llm.transport import DeadlineTransport

_CONNECT_SECONDS = 5
_OPTIONAL = ("temperature", "reasoning_effort")

logger = logging.getLogger(__name__)


def build_candidates(config: ModelConfig) -> tuple[list["Candidate"], httpx2.Client]:
    """The model and its fallbacks, in order, and the HTTP client they share."""
    timeout = httpx2.Timeout(None, connect=_CONNECT_SECONDS)
    http_client = httpx2.Client(transport=DeadlineTransport(), timeout=timeout, follow_redirects=True)
    names = dict.fromkeys((config.model, *config.fallback_models))
    return [Candidate(name, _config_for(name, config), http_client) for name in names], http_client


def _config_for(name: str, config: ModelConfig) -> ModelConfig:
    """Address and key belong to the first model's provider; no other provider gets to see them."""
    provider = split_provider(name)[0]
    if provider != split_provider(config.model)[0]:
        config = replace(config, base_url=None, api_key=None)
    if provider == OPENAI:
        base_url, api_key = config.base_url or config.openai_base_url, config.api_key or config.openai_api_key
        config = replace(config, base_url=base_url, api_key=api_key)
    return config


class Candidate:
    """A model by name; raises `ModelSetupError` if it cannot be built."""

    def __init__(self, name: str, config: ModelConfig, http_client: httpx2.Client) -> None:
        self._name = name
        self._config = config
        self._http_client = http_client
        self._options = answer_options(name, config)
        self._chat_model = build_chat_model(name, config, self._options, http_client)

    def answer(self, prompt: Sequence[Message], deadline: Deadline) -> Answer:
        """The model's answer; raises a `ModelError` by the deadline at the latest."""
        retries = 0
        while True:
            try:
                return read_reply(self._ask(prompt, deadline), prompt, self._name)
            except Exception as error:  # providers raise anything
                failure = explain(error, deadline)
            logger.warning("language model %s: %s", self._name, failure.reason)
            delay = delay_before_retry(failure, retries, deadline.left())
            if delay is None:
                raise failure.error
            time.sleep(delay)
            retries += 1

    def _ask(self, prompt: Sequence[Message], deadline: Deadline) -> BaseMessage:
        try:
            return self._call(prompt, deadline)
        except ModelInvalidRequestError as error:
            refused = getattr(error, "param", None)
            if refused not in _OPTIONAL or refused not in self._options:
                raise
            self._leave_out(refused)
        return self._ask(prompt, deadline)

    def _call(self, prompt: Sequence[Message], deadline: Deadline) -> BaseMessage:
        if split_provider(self._name)[0] == OPENAI:
            with deadline.enforced():
                return self._chat_model.invoke(list(prompt))
        return run_within(deadline.left(), lambda: self._chat_model.invoke(list(prompt)))

    def _leave_out(self, option: str) -> None:
        """From now on, call the model without an option it refuses."""
        logger.warning("language model %s: refuses %s, which is left out from now on", self._name, option)
        self._options = {name: value for name, value in self._options.items() if name != option}
        self._chat_model = build_chat_model(self._name, self._config, self._options, self._http_client)
