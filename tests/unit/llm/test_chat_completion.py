from typing import Any

import pytest

from app.domain.conversations import Tokens
from app.llm.chat_completion import read_completion
from app.llm.reply import ModelReply, ToolCall, UnusableReplyError


def completion(message: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"choices": [{"message": message, "finish_reason": "stop"}], **values}


def test_text_tokens_and_why_it_ended() -> None:
    usage = {"prompt_tokens": 21, "completion_tokens": 7, "total_tokens": 28}

    assert read_completion(completion({"content": "5 dias."}, usage=usage)) == ModelReply(
        "5 dias.", finish_reason="stop", tokens=Tokens(21, 7)
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        ([], ""),
        ([{"type": "text", "text": "5 "}, {"type": "text", "text": "dias."}], "5 dias."),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "5"}], "5"),
    ],
)
def test_content_may_be_nothing_or_in_parts(content: Any, text: str) -> None:
    assert read_completion(completion({"content": content})).text == text


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning", "thinking"])
def test_thinking_in_a_field_of_its_own_is_not_read(key: str) -> None:
    assert read_completion(completion({"content": "5 dias.", key: "hm"})).text == "5 dias."


@pytest.mark.parametrize(
    ("arguments", "read"),
    [('{"x": 1}', {"x": 1}), ({"x": 1}, {"x": 1}), ("[1]", {}), ("{", {}), ("", {}), (None, {})],
)
def test_arguments_of_a_call_are_an_object_or_none(arguments: Any, read: dict[str, Any]) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "a", "arguments": arguments}}

    assert read_completion(completion({"content": None, "tool_calls": [call]})).tool_calls == (ToolCall("a", read),)


@pytest.mark.parametrize(
    "body", [{"choices": []}, {"choices": None}, {"error": {"message": "sk-secret"}, "choices": []}]
)
def test_no_choices_are_unusable(body: dict[str, Any]) -> None:
    with pytest.raises(UnusableReplyError) as raised:
        read_completion(body)

    assert "sk-secret" not in str(raised.value)


def test_a_refusal_is_told() -> None:
    assert read_completion(completion({"content": None, "refusal": "I can't."})).is_refusal
    assert not read_completion(completion({"content": "5", "refusal": None})).is_refusal
