"""What a language model is built from."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Plain values that name a model and bound its answers.

    `model` and `fallback_models` are model names at an OpenAI-compatible server (`base_url`; None: OpenAI's),
    or `provider:model` as langchain's `init_chat_model` takes it. `timeout_seconds` bounds a whole answer,
    retries and fallbacks included. `openai_base_url` and `openai_api_key` stand in for models of the provider
    `openai`, and for no other, where `base_url` or `api_key` is None. After `breaker_failures` in a row a
    model is left alone for `breaker_seconds`.
    """

    model: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    openai_api_key: str | None = field(default=None, repr=False)
    fallback_models: tuple[str, ...] = ()
    timeout_seconds: float = 30
    max_output_tokens: int = 600
    temperature: float = 0.2
    breaker_failures: int = 5
    breaker_seconds: float = 30

    @property
    def patience_seconds(self) -> float:
        """How long an attempt must have lasted for its timeout to be the provider's fault: half a fair share."""
        return self.timeout_seconds / (1 + len(self.fallback_models)) / 2
