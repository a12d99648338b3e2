"""The models that may answer, each built once."""

import logging
import threading
from dataclasses import replace
from functools import lru_cache

from app.domain.errors import ModelFailedError
from app.llm.breaker import Breaker
from app.llm.calls import ModelCalls
from app.llm.candidate import Candidate
from app.llm.chat_model import OPENAI, ModelSetupError, split_provider
from app.llm.config import ModelConfig
from app.net.client import open_client

_MOST_CANDIDATES = 64
_MOST_BREAKERS = 256

logger = logging.getLogger(__name__)


class Candidates:
    """Candidates by name and temperature over one HTTP client; those used least are forgotten.

    The configured models are built at once; raises `ModelSetupError` if one cannot be.
    """

    def __init__(self, config: ModelConfig) -> None:
        self._config = config
        self._http_client = open_client()
        self._lock = threading.Lock()  # lru_cache alone may build one thing twice at the same time
        self._candidate = lru_cache(_MOST_CANDIDATES)(self._build)
        self._breaker = lru_cache(_MOST_BREAKERS)(self._build_breaker)
        for name in (config.model, *config.fallback_models):
            self._candidate(name, config.temperature)

    def get(self, name: str, temperature: float) -> Candidate:
        """The candidate for the model `name`; raises `ModelFailedError` if it cannot be set up."""
        try:
            with self._lock:
                return self._candidate(name, temperature)
        except ModelSetupError as error:
            logger.warning("language model not usable: %s", error.message)
        raise ModelFailedError("The language model could not answer this message.")

    def close(self) -> None:
        """Close the connections."""
        self._http_client.close()

    def _build(self, name: str, temperature: float) -> Candidate:
        config = replace(_config_for(name, self._config), temperature=temperature)
        calls = ModelCalls(name, config, self._http_client)
        breaker = self._breaker(*split_provider(name), config.base_url)
        return Candidate(name, calls, breaker, config.patience_seconds)

    def _build_breaker(self, provider: str, model: str, base_url: str | None) -> Breaker:
        return Breaker(f"{provider}:{model}", self._config.breaker_failures, self._config.breaker_seconds)


def _config_for(name: str, config: ModelConfig) -> ModelConfig:
    """Address and key belong to the first model's provider; no other provider gets to see them."""
    provider = split_provider(name)[0]
    if provider != split_provider(config.model)[0]:
        config = replace(config, base_url=None, api_key=None)
    if provider == OPENAI:
        base_url, api_key = config.base_url or config.openai_base_url, config.api_key or config.openai_api_key
        config = replace(config, base_url=base_url, api_key=api_key)
    return config
