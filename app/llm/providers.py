"""Which provider a model's name means."""

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
