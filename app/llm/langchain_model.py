"""A model of any other provider, asked through langchain."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.exceptions import ModelConnectionError, ModelTimeoutError
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable

from app.domain.conversations import Tokens
from app.domain.deadline import Deadline
from app.llm.config import ModelConfig
from app.llm.handover import HANDOVER_TOOL
from app.llm.prompt import Message
from app.llm.providers import ModelSetupError, package_of, split_provider
from app.llm.refusals import RefusedParameters
from app.llm.reply import ModelReply, NoConnectionError, ToolCall
from app.net.enforcement import run_within

_WHERE = "LLM_MODEL, LLM_FALLBACK_MODELS or the model of an assistant"
_MOST_VARIANTS = 4

_Runnable = Runnable[LanguageModelInput, AIMessage]


class LangchainModel:
    """The model `name` (`provider:model`), which takes `temperature`; raises `ModelSetupError`.

    The provider's library has an HTTP client of its own, which as a rule takes the proxies of the environment.
    """

    def __init__(self, name: str, temperature: float, config: ModelConfig) -> None:
        self._name = name
        self._parameters: dict[str, Any] = {
            "temperature": temperature,
            "max_tokens": config.max_output_tokens,
            "tools": [HANDOVER_TOOL],
        }
        connection: dict[str, Any] = {
            "timeout": config.timeout_seconds,
            "base_url": config.base_url,
            "api_key": config.api_key,
        }
        self._connection = {key: value for key, value in connection.items() if value is not None}
        self._refused = RefusedParameters(name)
        self._built = lru_cache(_MOST_VARIANTS)(self._build)
        self._built(frozenset(self._parameters))

    def ask(self, prompt: Sequence[Message], deadline: Deadline) -> ModelReply:
        """The reply; raises `TimeoutError`, `NoConnectionError` or whatever the provider's library does.

        A call that lasts beyond the deadline goes on in a thread of its own, and its reply is dropped.
        """
        try:
            message = self._refused.leave_out(
                self._parameters,
                lambda kept: run_within(deadline.left(), lambda: self._built(frozenset(kept)).invoke(list(prompt))),
            )
        except (ModelConnectionError, ModelTimeoutError) as error:
            raise NoConnectionError from error
        return read_message(message)

    def stream(self, prompt: Sequence[Message], deadline: Deadline) -> Iterator[str | ModelReply]:
        """The reply alone: not all of these libraries could be held to a deadline while they stream."""
        yield self.ask(prompt, deadline)

    def _build(self, parameters: frozenset[str]) -> _Runnable:
        """The model, which is given these parameters and never retries on its own."""
        provider, model = split_provider(self._name)
        options = {name: self._parameters[name] for name in parameters - {"tools"}}
        try:
            chat_model: BaseChatModel = init_chat_model(
                model, model_provider=provider, max_retries=0, **self._connection, **options
            )
        except ImportError:
            raise ModelSetupError(
                f"{_WHERE}: {self._name!r} needs the package {package_of(provider)}, which is not installed."
            ) from None
        except Exception as error:  # providers raise anything
            raise ModelSetupError(
                f"{_WHERE}: {self._name!r} cannot be set up ({type(error).__name__}); "
                "is something its provider needs missing from the environment?"
            ) from None
        return _with_tools(chat_model) if "tools" in parameters else chat_model


def read_message(message: BaseMessage) -> ModelReply:
    """The reply in langchain's `message`."""
    metadata: dict[str, Any] = message.response_metadata
    finish_reason = metadata.get("finish_reason") or metadata.get("stop_reason") or ""
    calls = [ToolCall(call["name"], call["args"]) for call in getattr(message, "tool_calls", ())]
    unread = [ToolCall(call["name"] or "", {}) for call in getattr(message, "invalid_tool_calls", ())]
    usage = getattr(message, "usage_metadata", None)
    return ModelReply(
        text=message.text,
        finish_reason=str(finish_reason),
        is_refusal=bool(message.additional_kwargs.get("refusal")),
        tool_calls=(*calls, *unread),
        tokens=Tokens(input=usage["input_tokens"], output=usage["output_tokens"]) if usage else None,
    )


def _with_tools(chat_model: BaseChatModel) -> _Runnable:
    try:
        return chat_model.bind_tools([HANDOVER_TOOL])
    except NotImplementedError:
        return chat_model
