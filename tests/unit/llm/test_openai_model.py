from typing import Any

import pytest

from app.llm.config import ModelConfig, ModelSetupError
from app.llm.openai_model import OpenAIModel, answer_parameters, is_openai_itself
from app.net.client import open_client

CONFIG = ModelConfig("m", max_output_tokens=100)


@pytest.mark.parametrize(
    ("base_url", "limit"),
    [
        (None, {"max_completion_tokens": 100}),
        ("https://api.openai.com/v1", {"max_completion_tokens": 100}),
        ("https://shop.openai.azure.com/openai/v1/", {"max_completion_tokens": 100}),
        ("http://127.0.0.1:11434/v1", {"max_tokens": 100}),
        ("https://api.openai.com.example.org/v1", {"max_tokens": 100}),
    ],
)
def test_the_limit_goes_by_the_name_the_server_knows(base_url: str | None, limit: dict[str, Any]) -> None:
    config = ModelConfig("m", base_url=base_url, max_output_tokens=100)

    assert answer_parameters("m", 0.3, config) == {"temperature": 0.3, **limit}


@pytest.mark.parametrize("name", ["gpt-5-mini", "gpt-5", "o3-mini", "o1", "openai/gpt-5-nano", "gpt-6"])
def test_a_reasoning_model_gets_room_to_think_and_no_temperature(name: str) -> None:
    parameters = answer_parameters(name, 0.3, CONFIG)

    assert "temperature" not in parameters
    assert parameters["max_completion_tokens"] > 1000
    assert parameters["reasoning_effort"] == "low"


@pytest.mark.parametrize("name", ["gpt-4o", "gpt-5-chat-latest", "gpt-oss:20b", "sabia-3", "olmo", "phi-o3x"])
def test_other_models_take_a_temperature(name: str) -> None:
    assert answer_parameters(name, 0.3, CONFIG)["temperature"] == 0.3


@pytest.mark.parametrize(
    ("base_url", "is_openais"),
    [
        (None, True),
        ("https://api.openai.com/v1", True),
        ("https://api.openai.com.example.org/v1", False),
        ("http://127.0.0.1:11434/v1", False),
    ],
)
def test_openais_own_server_is_told_from_others(base_url: str | None, is_openais: bool) -> None:
    assert is_openai_itself(base_url) is is_openais


def test_openai_needs_a_key() -> None:
    with open_client() as http_client, pytest.raises(ModelSetupError, match="LLM_API_KEY"):
        OpenAIModel("gpt-4o", CONFIG, http_client)
