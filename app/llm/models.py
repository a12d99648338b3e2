"""The models that may answer, each built once."""

import logging
import threading
from dataclasses import dataclass, replace
from functools import lru_cache

import httpx2

from app.domain.errors import ModelFailedError
from app.llm.breaker import Breaker
from app.llm.config import ModelConfig
from app.llm.openai_model import OpenAIModel, is_openai_itself
from app.llm.providers import OPENAI, ModelSetupError, split_provider
from app.llm.reply import ChatModel
from app.llm.thinking import ThinkingStyle

_MOST_MODELS = 64
_MOST_SHARED = 256

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuardedModel:
    """A model; breaker and style are shared with the same model at other temperatures."""

    name: str
    chat: ChatModel
    breaker: Breaker
    style: ThinkingStyle


class Models:
    """Models by name and temperature over one HTTP client; those used least are forgotten.

    The configured models are built at once; raises `ModelSetupError` if one cannot be.
    """

    def __init__(self, config: ModelConfig, http_client: httpx2.Client) -> None:
        self._config = config
        self._http_client = http_client
        self._lock = threading.Lock()  # lru_cache alone may build one thing twice at the same time
        self._model = lru_cache(_MOST_MODELS)(self._build)
        self._shared = lru_cache(_MOST_SHARED)(self._build_shared)
        for name in (config.model, *config.fallback_models):
            self._model(name, config.temperature)

    def get(self, name: str, temperature: float) -> GuardedModel:
        """The model `name`; raises `ModelFailedError` if it cannot be set up."""
        try:
            with self._lock:
                return self._model(name, temperature)
        except ModelSetupError as error:
            logger.warning("language model not usable: %s", error.message)
        raise ModelFailedError("The language model could not answer this message.")

    def _build(self, name: str, temperature: float) -> GuardedModel:
        provider, model = split_provider(name)
        config = _config_for(provider, self._config)
        shared = self._shared(provider, model, config.base_url)
        if provider == OPENAI:
            return GuardedModel(name, OpenAIModel(name, temperature, config, self._http_client), *shared)
        # langchain takes half a second and 40 MB to import, which a service without such a model should not pay.
        from app.llm.langchain_model import LangchainModel  # noqa: PLC0415

        return GuardedModel(name, LangchainModel(name, temperature, config), *shared)

    def _build_shared(self, provider: str, model: str, base_url: str | None) -> tuple[Breaker, ThinkingStyle]:
        """What is known of a model, whatever its temperature."""
        name = f"{provider}:{model}"
        breaker = Breaker(name, self._config.breaker_failures, self._config.breaker_seconds)
        return breaker, ThinkingStyle(is_known=provider == OPENAI and is_openai_itself(base_url))


def _config_for(provider: str, config: ModelConfig) -> ModelConfig:
    """Address and key belong to the first model's provider; no other provider gets to see them."""
    if provider != split_provider(config.model)[0]:
        config = replace(config, base_url=None, api_key=None)
    if provider == OPENAI:
        base_url, api_key = config.base_url or config.openai_base_url, config.api_key or config.openai_api_key
        config = replace(config, base_url=base_url, api_key=api_key)
    return config
