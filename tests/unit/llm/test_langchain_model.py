from typing import Any

import pytest
from langchain_core.messages import AIMessage

from app.domain.conversations import Tokens
from app.llm.config import ModelConfig, ModelSetupError
from app.llm.langchain_model import LangchainModel, read_message
from app.llm.reply import ModelReply, ToolCall

CONFIG = ModelConfig("m", max_output_tokens=100, temperature=0.3)


def test_a_missing_package_is_named() -> None:
    with pytest.raises(ModelSetupError) as raised:
        LangchainModel("anthropic", "claude-sonnet", CONFIG)

    assert raised.value.message == (
        "LLM_MODEL, LLM_FALLBACK_MODELS or the model of an assistant: 'anthropic:claude-sonnet' needs the "
        "package langchain-anthropic, which is not installed."
    )


def test_a_provider_that_is_not_configured_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "OPENAI_API_VERSION"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(ModelSetupError, match="'azure_openai:gpt-4o' cannot be set up"):
        LangchainModel("azure_openai", "gpt-4o", CONFIG)


def test_text_and_tokens_of_a_message() -> None:
    usage: Any = {"input_tokens": 21, "output_tokens": 7, "total_tokens": 28}

    assert read_message(AIMessage("5 dias.", usage_metadata=usage)) == ModelReply("5 dias.", tokens=Tokens(21, 7))
    assert read_message(AIMessage("5 dias.")) == ModelReply("5 dias.")


def test_tokens_of_the_providers_cache() -> None:
    usage: Any = {
        "input_tokens": 21,
        "output_tokens": 7,
        "total_tokens": 28,
        "input_token_details": {"cache_read": 20},
    }

    assert read_message(AIMessage("5 dias.", usage_metadata=usage)).tokens == Tokens(21, 7, cached=20)


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": "5 "}, {"type": "text", "text": "dias."}],
        [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "5 dias."}],
        [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "5 dias."}],
    ],
)
def test_of_blocks_only_texts_count(content: list[str | dict[Any, Any]]) -> None:
    assert read_message(AIMessage(content)).text == "5 dias."


@pytest.mark.parametrize(
    ("metadata", "finish_reason"),
    [({"finish_reason": "length"}, "length"), ({"stop_reason": "max_tokens"}, "max_tokens"), ({}, "")],
)
def test_why_it_ended(metadata: dict[str, str], finish_reason: str) -> None:
    assert read_message(AIMessage("a", response_metadata=metadata)).finish_reason == finish_reason


def test_a_refusal_is_told() -> None:
    assert read_message(AIMessage("", additional_kwargs={"refusal": "I can't."})).is_refusal


def test_tool_calls_count_even_if_their_arguments_cannot_be_read() -> None:
    unread: Any = {"name": "b", "args": "{", "id": "2", "error": None, "type": "invalid_tool_call"}
    read: Any = {"name": "a", "args": {"x": 1}, "id": "1"}
    message = AIMessage("", tool_calls=[read], invalid_tool_calls=[unread])

    assert read_message(message).tool_calls == (ToolCall("a", {"x": 1}), ToolCall("b", {}))
