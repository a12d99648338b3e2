"""What a language model is built from, and which provider a model's name means."""

from dataclasses import dataclass, field, replace

from app.domain.errors import OrquestradoraError

OPENAI = "openai"

# Those that the documentation of langchain's init_chat_model lists, and the packages they need.
# fmt: off
_LANGCHAIN = frozenset((
    "anthropic", "anthropic_bedrock", "azure_ai", "azure_openai", "baseten", "bedrock", "bedrock_converse",
    "bedrock_mantle_anthropic", "bedrock_mantle_openai", "cohere", "deepseek", "fireworks",
    "google_anthropic_vertex", "google_genai", "google_vertexai", "groq", "huggingface", "ibm", "langsmith",
    "litellm", "meta", "mistralai", "nvidia", "ollama", "openrouter", "perplexity", "together", "upstage", "xai",
))
# fmt: on
_PACKAGES = {
    "azure_openai": "langchain-openai",
    "google_anthropic_vertex": "langchain-google-vertexai",
    "langsmith": "langchain-openai",
    "nvidia": "langchain-nvidia-ai-endpoints",
}


class ModelSetupError(OrquestradoraError):
    """A model cannot be used as configured; the message is one line for whoever runs the service."""

    code = "model_setup"


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Plain values that name a model and bound its answers.

    `model` and `fallback_models` are model names at an OpenAI-compatible server (`base_url`; None: OpenAI's),
    or `provider:model` as langchain's `init_chat_model` takes it. `timeout_seconds` bounds a whole answer,
    retries and fallbacks included. `openai_base_url` and `openai_api_key` stand in for models of the provider
    `openai`, and for no other, where `base_url` or `api_key` is None. After `breaker_failures` in a row a
    model is left alone for `breaker_seconds`. `sees_images`: pictures are sent to it, too.
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
    sees_images: bool = False

    @property
    def patience_seconds(self) -> float:
        """How long an attempt must have lasted for its timeout to be the provider's fault: half a fair share."""
        return self.timeout_seconds / (1 + len(self.fallback_models)) / 2

    def at(self, provider: str) -> "ModelConfig":
        """With the address and key for `provider`: those of the first model's provider are for no other one."""
        base_url, api_key = self.base_url, self.api_key
        if provider != split_provider(self.model)[0]:
            base_url = api_key = None
        if provider == OPENAI:
            base_url, api_key = base_url or self.openai_base_url, api_key or self.openai_api_key
        return replace(self, base_url=base_url, api_key=api_key)


def split_provider(name: str) -> tuple[str, str]:
    """`provider:model` as (provider, model); any other name belongs to the OpenAI-compatible server."""
    provider, colon, model = name.partition(":")
    if colon and (provider == OPENAI or provider in _LANGCHAIN):
        return provider, model
    return OPENAI, name


def package_of(provider: str) -> str:
    """The package that brings `provider` to langchain."""
    if "bedrock" in provider:
        return "langchain-aws"
    return _PACKAGES.get(provider, f"langchain-{provider.replace('_', '-')}")
