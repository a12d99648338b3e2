from typing import Any

import httpx2
import pytest

from app.llm.chat_model import ModelSetupError, answer_options, build_chat_model, split_provider
from app.llm.config import ModelConfig

CONFIG = ModelConfig("m", max_output_tokens=100, temperature=0.3)


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
    ("base_url", "limit"),
    [
        (None, {"max_tokens": 100}),
        ("https://api.openai.com/v1", {"max_tokens": 100}),
        ("https://shop.openai.azure.com/openai/v1/", {"max_tokens": 100}),
        ("http://127.0.0.1:11434/v1", {"extra_body": {"max_tokens": 100}}),
        ("https://api.openai.com.example.org/v1", {"extra_body": {"max_tokens": 100}}),
    ],
)
def test_the_limit_goes_by_the_name_the_server_knows(base_url: str | None, limit: dict[str, Any]) -> None:
    config = ModelConfig("m", base_url=base_url, max_output_tokens=100, temperature=0.3)

    assert answer_options("m", config) == {"temperature": 0.3, **limit}


@pytest.mark.parametrize("name", ["gpt-5-mini", "openai:gpt-5", "o3-mini", "o1", "openai/gpt-5-nano", "gpt-6"])
def test_a_reasoning_model_gets_room_to_think_and_no_temperature(name: str) -> None:
    options = answer_options(name, CONFIG)

    assert "temperature" not in options
    assert options["max_tokens"] > 1000
    assert options["reasoning_effort"] == "low"


@pytest.mark.parametrize("name", ["gpt-4o", "gpt-5-chat-latest", "gpt-oss:20b", "sabia-3", "olmo", "phi-o3x"])
def test_other_models_take_a_temperature(name: str) -> None:
    assert answer_options(name, CONFIG)["temperature"] == 0.3


def test_a_missing_package_is_named() -> None:
    with pytest.raises(ModelSetupError) as raised:
        build_chat_model("anthropic:claude-sonnet", CONFIG, {}, httpx2.Client())

    assert raised.value.message == (
        "LLM_MODEL, LLM_FALLBACK_MODELS or the model of an assistant: 'anthropic:claude-sonnet' needs the "
        "package langchain-anthropic, which is not installed."
    )


def test_openai_needs_a_key() -> None:
    with pytest.raises(ModelSetupError, match="LLM_API_KEY"):
        build_chat_model("gpt-4o", CONFIG, {}, httpx2.Client())


def test_a_provider_that_is_not_configured_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "OPENAI_API_VERSION"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(ModelSetupError, match="'azure_openai:gpt-4o' cannot be set up"):
        build_chat_model("azure_openai:gpt-4o", CONFIG, {}, httpx2.Client())


@pytest.mark.parametrize(("fallbacks", "seconds"), [((), 15), (("b",), 7.5), (("b", "c"), 5)])
def test_patience_is_half_a_fair_share_of_the_timeout(fallbacks: tuple[str, ...], seconds: float) -> None:
    assert ModelConfig("a", fallback_models=fallbacks, timeout_seconds=30).patience_seconds == seconds


def test_a_key_does_not_show_in_a_printed_configuration() -> None:
    assert "sk-1" not in repr(ModelConfig("m", api_key="sk-1"))
