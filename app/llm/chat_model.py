"""From a model's name to langchain's chat model."""

import re
from typing import Any

import httpx2
import openai
from langchain.chat_models import init_chat_model
from langchain.chat_models.base import _BUILTIN_PROVIDERS
from langchain_core.language_models import BaseChatModel

from app.domain.errors import OrquestradoraError
from app.llm.completions import Completions
from app.llm.config import ModelConfig

OPENAI = "openai"
_OPENAI_URL = "https://api.openai.com/v1"
_KNOWS_MAX_COMPLETION_TOKENS = re.compile(r"https://[^/]*\.(openai|azure)\.com(/|$)")
_REASONING_MODEL = re.compile(r"(^|/)(o[1-9]|gpt-[5-9])(?!.*chat)")

_WHERE = "LLM_MODEL, LLM_FALLBACK_MODELS or the model of an assistant"

# Hidden thinking counts towards a reasoning model's limit; without room for it there is no answer at all.
_REASONING_TOKENS = 2000


class ModelSetupError(OrquestradoraError):
    """A model cannot be used as configured; the message is one line for whoever runs the service."""

    code = "model_setup"


def split_provider(name: str) -> tuple[str, str]:
    """`provider:model` as (provider, model); any other name belongs to the OpenAI-compatible server."""
    provider, colon, model = name.partition(":")
    if colon and provider in _BUILTIN_PROVIDERS:
        return provider, model
    return OPENAI, name


def answer_options(name: str, config: ModelConfig) -> dict[str, Any]:
    """The parameters that shape an answer, by langchain's names, as far as model `name` takes them."""
    provider, model = split_provider(name)
    if provider == OPENAI and _REASONING_MODEL.search(model):
        return {"max_tokens": config.max_output_tokens + _REASONING_TOKENS, "reasoning_effort": "low"}
    options: dict[str, Any] = {"temperature": config.temperature}
    if provider == OPENAI and not _KNOWS_MAX_COMPLETION_TOKENS.match(config.base_url or _OPENAI_URL):
        # ChatOpenAI would rename max_tokens to max_completion_tokens, which Ollama and others ignore.
        return {**options, "extra_body": {"max_tokens": config.max_output_tokens}}
    return {**options, "max_tokens": config.max_output_tokens}


def build_chat_model(
    name: str, config: ModelConfig, options: dict[str, Any], http_client: httpx2.Client
) -> BaseChatModel:
    """The chat model for `name`, which never retries on its own; raises `ModelSetupError`."""
    provider, model = split_provider(name)
    connection = _openai_connection(config, http_client) if provider == OPENAI else _connection(config)
    try:
        chat_model: BaseChatModel = init_chat_model(
            model, model_provider=provider, max_retries=0, **connection, **options
        )
    except ImportError:
        package = _BUILTIN_PROVIDERS[provider][0].partition(".")[0].replace("_", "-")
        raise ModelSetupError(f"{_WHERE}: {name!r} needs the package {package}, which is not installed.") from None
    except Exception as error:  # providers raise anything
        raise ModelSetupError(
            f"{_WHERE}: {name!r} cannot be set up ({type(error).__name__}); "
            "is something its provider needs missing from the environment?"
        ) from None
    return chat_model


def _openai_connection(config: ModelConfig, http_client: httpx2.Client) -> dict[str, Any]:
    if config.api_key is None and config.base_url is None:
        raise ModelSetupError("LLM_API_KEY: OpenAI needs a key (only with LLM_BASE_URL may it be left out).")
    base_url = config.base_url or _OPENAI_URL
    api_key = config.api_key or "not-needed"
    client = openai.OpenAI(
        base_url=base_url,
        api_key=api_key,
        http_client=http_client,
        timeout=http_client.timeout,
        max_retries=0,
    )
    return {
        "base_url": base_url,
        "api_key": api_key,
        "http_client": http_client,
        "root_client": client,
        "client": Completions(client),
    }


def _connection(config: ModelConfig) -> dict[str, Any]:
    values = {"timeout": config.timeout_seconds, "base_url": config.base_url, "api_key": config.api_key}
    return {name: value for name, value in values.items() if value is not None}
