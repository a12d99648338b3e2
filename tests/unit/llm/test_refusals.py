from typing import Any

import httpx2
import openai
import pytest

from app.llm.refusals import refused_parameter


def refusal(status: int, message: str = "No.", **body: Any) -> openai.APIStatusError:
    response = httpx2.Response(status, request=httpx2.Request("POST", "https://models.example/v1"))
    return openai.APIStatusError(message, response=response, body={"message": message, **body})


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("param", ["temperature", "reasoning_effort", "tools", "stream_options"])
def test_an_optional_parameter_is_named(status: int, param: str) -> None:
    assert refused_parameter(refusal(status, param=param)) == param


def test_a_part_of_a_parameter_means_the_parameter() -> None:
    assert refused_parameter(refusal(400, param="tools[0].function.parameters")) == "tools"


@pytest.mark.parametrize(
    "error",
    [
        refusal(400, "registry.ollama.ai/library/gemma:2b does not support tools"),
        refusal(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
        refusal(404, "No endpoints found that support tool use."),
        refusal(400, "`tool calling` is not supported with this model"),
        refusal(422, code="unsupported_functions"),
        refusal(400, type="tools_not_supported"),
    ],
    ids=str,
)
def test_no_tools_is_said_in_many_ways(error: Exception) -> None:
    assert refused_parameter(error) == "tools"


@pytest.mark.parametrize(
    "error",
    [
        refusal(400, param="messages"),
        refusal(400, "maximum context length is 4097 tokens. Reduce the length of the messages or functions."),
        refusal(400, code="unsupported_value"),
        refusal(401, param="tools"),
        refusal(500, "tools are not supported"),
        ValueError("tools are not supported"),
    ],
    ids=str,
)
def test_anything_else_is_no_refusal_of_a_parameter(error: Exception) -> None:
    assert refused_parameter(error) is None
