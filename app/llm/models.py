"""The models that may answer, each built once."""

import logging
import threading
from dataclasses import dataclass, replace
from functools import lru_cache

import httpx2

from app.domain.errors import ModelFailedError
from app.llm.breaker import Breaker
from app.llm.config import ModelConfig
from app.llm.openai_model import OpenAIModel
from app.llm.providers import OPENAI, ModelSetupError, split_provider
from app.llm.reply import ChatModel

_MOST_MODELS = 64
_MOST_BREAKERS = 256

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuardedModel:
    """A model and the breaker that it shares with the same model at other temperatures."""

    name: str
    chat: ChatModel
    breaker: Breaker


class Models:
    """Models by name and temperature over one HTTP client; those used least are forgotten.

    The configured models are built at once; raises `ModelSetupError` if one cannot be.
    """

    def __init__(self, config: ModelConfig, http_client: httpx2.Client) -> None:
        self._config = config
        self._http_client = http_client
        self._lock = threading.Lock()  # lru_cache alone may build one thing twice at the same time
        self._model = lru_cache(_MOST_MODELS)(self._build)
        self._breaker = lru_cache(_MOST_BREAKERS)(self._build_breaker)
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
        breaker = self._breaker(provider, model, config.base_url)
        if provider == OPENAI:
            return GuardedModel(name, OpenAIModel(name, temperature, config, self._http_client), breaker)
        # langchain takes half a second and 40 MB to import, which a service without such a model should not pay.
        from app.llm.langchain_model import LangchainModel  # noqa: PLC0415

        return GuardedModel(name, LangchainModel(name, temperature, config), breaker)

    def _build_breaker(self, provider: str, model: str, base_url: str | None) -> Breaker:
        return Breaker(f"{provider}:{model}", self._config.breaker_failures, self._config.breaker_seconds)


def _config_for(provider: str, config: ModelConfig) -> ModelConfig:
    """Address and key belong to the first model's provider; no other provider gets to see them."""
    if provider != split_provider(config.model)[0]:
        config = replace(config, base_url=None, api_key=None)
    if provider == OPENAI:
        base_url, api_key = config.base_url or config.openai_base_url, config.api_key or config.openai_api_key
        config = replace(config, base_url=base_url, api_key=api_key)
    return config
