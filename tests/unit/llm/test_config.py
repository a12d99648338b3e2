import pytest

from app.llm.config import ModelConfig, package_of, split_provider


@pytest.mark.parametrize(("fallbacks", "seconds"), [((), 15), (("b",), 7.5), (("b", "c"), 5)])
def test_patience_is_half_a_fair_share_of_the_timeout(fallbacks: tuple[str, ...], seconds: float) -> None:
    assert ModelConfig("a", fallback_models=fallbacks, timeout_seconds=30).patience_seconds == seconds


def test_a_key_does_not_show_in_a_printed_configuration() -> None:
    assert "sk-1" not in repr(ModelConfig("m", api_key="sk-1"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-5-mini", ("openai", "gpt-5-mini")),
        ("openai:gpt-5-mini", ("openai", "gpt-5-mini")),
        ("anthropic:claude-sonnet", ("anthropic", "claude-sonnet")),
        ("llama3:8b", ("openai", "llama3:8b")),
        ("deepseek-r1:8b", ("openai", "deepseek-r1:8b")),
        ("meta-llama/llama-3:free", ("openai", "meta-llama/llama-3:free")),
        ("mistral-small", ("openai", "mistral-small")),
    ],
)
def test_only_a_provider_langchain_knows_is_one(name: str, expected: tuple[str, str]) -> None:
    assert split_provider(name) == expected


@pytest.mark.parametrize(
    ("provider", "package"),
    [
        ("anthropic", "langchain-anthropic"),
        ("azure_ai", "langchain-azure-ai"),
        ("azure_openai", "langchain-openai"),
        ("bedrock_converse", "langchain-aws"),
        ("google_genai", "langchain-google-genai"),
        ("google_anthropic_vertex", "langchain-google-vertexai"),
        ("nvidia", "langchain-nvidia-ai-endpoints"),
    ],
)
def test_each_provider_has_its_package(provider: str, package: str) -> None:
    assert package_of(provider) == package
