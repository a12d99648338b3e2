"""A model of any other provider, asked through langchain."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.exceptions import ModelConnectionError, ModelTimeoutError
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.runnables import Runnable

from app.domain.conversations import Tokens
from app.llm.config import ModelConfig, ModelSetupError, package_of
from app.llm.prompt import to_wire
from app.llm.reply import HANDOVER_TOOL, ModelReply, ModelRequest, NoConnectionError, ToolCall
from app.net.enforcement import run_within

_WHERE = "LLM_MODEL, LLM_FALLBACK_MODELS or the model of an assistant"
_MOST_VARIANTS = 4

_Runnable = Runnable[LanguageModelInput, AIMessage]


class LangchainModel:
    """The model `model` of `provider`; raises `ModelSetupError`.

    The provider's library has an HTTP client of its own, which as a rule takes the proxies of the environment.
    """

    def __init__(self, provider: str, model: str, config: ModelConfig) -> None:
        self._provider = provider
        self._model = model
        options: dict[str, Any] = {
            "timeout": config.timeout_seconds,
            "base_url": config.base_url,
            "api_key": config.api_key,
            "max_tokens": config.max_output_tokens,
            "max_retries": 0,
        }
        self._options = {key: value for key, value in options.items() if value is not None}
        self._variant = lru_cache(_MOST_VARIANTS)(self._build)
        self._variant(config.temperature, with_tools=True)

    def reply(self, request: ModelRequest) -> Iterator[ModelReply]:
        """In one piece: not all of these libraries could be held to a deadline while they stream.

        Raises `TimeoutError`, `NoConnectionError` or whatever the provider's library does. A call that lasts
        beyond the deadline goes on in a thread of its own, and its reply is dropped.
        """
        temperature = None if "temperature" in request.left_out else request.temperature
        prompt = [to_wire(message) for message in request.prompt]
        with_tools = "tools" not in request.left_out
        try:
            message = run_within(
                request.deadline.left(),
                lambda: self._variant(temperature, with_tools=with_tools).invoke(prompt),
            )
        except (ModelConnectionError, ModelTimeoutError) as error:
            raise NoConnectionError from error
        yield read_message(message)

    def _build(self, temperature: float | None, *, with_tools: bool) -> _Runnable:
        """The model, which has the temperature built in and never retries on its own."""
        options = self._options if temperature is None else {**self._options, "temperature": temperature}
        name = f"{self._provider}:{self._model}"
        try:
            chat_model: BaseChatModel = init_chat_model(self._model, model_provider=self._provider, **options)
        except ImportError:
            package = package_of(self._provider)
            raise ModelSetupError(
                f"{_WHERE}: {name!r} needs the package {package}, which is not installed."
            ) from None
        except Exception as error:  # providers raise anything
            raise ModelSetupError(
                f"{_WHERE}: {name!r} cannot be set up ({type(error).__name__}); "
                "is something its provider needs missing from the environment?"
            ) from None
        return _with_tools(chat_model) if with_tools else chat_model


def read_message(message: BaseMessage) -> ModelReply:
    """The reply in langchain's `message`."""
    metadata: dict[str, Any] = message.response_metadata
    calls = [ToolCall(call["name"], call["args"]) for call in getattr(message, "tool_calls", ())]
    unread = [ToolCall(call["name"] or "", {}) for call in getattr(message, "invalid_tool_calls", ())]
    usage = getattr(message, "usage_metadata", None)
    return ModelReply(
        text=message.text,
        finish_reason=str(metadata.get("finish_reason") or metadata.get("stop_reason") or ""),
        is_refusal=bool(message.additional_kwargs.get("refusal")),
        tool_calls=(*calls, *unread),
        tokens=_tokens_of(usage) if usage else None,
    )


def _tokens_of(usage: UsageMetadata) -> Tokens:
    cached = usage.get("input_token_details", {}).get("cache_read") or 0
    return Tokens(usage["input_tokens"], usage["output_tokens"], cached=cached)


def _with_tools(chat_model: BaseChatModel) -> _Runnable:
    try:
        return chat_model.bind_tools([HANDOVER_TOOL])
    except NotImplementedError:
        return chat_model
