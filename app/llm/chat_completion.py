"""A chat completion, the response body of OpenAI's API and of those that follow it."""

import json
from typing import Any

from app.domain.conversations import Tokens
from app.llm.reply import ModelReply, ToolCall, UnusableReplyError


def read_completion(completion: dict[str, Any]) -> ModelReply:
    """The reply in a parsed body.

    Raises `UnusableReplyError` if it holds none; for a body of another shape also `KeyError`, `TypeError` and
    such.
    """
    if completion.get("error"):
        raise UnusableReplyError("the provider reported an error instead of an answer")
    if not completion["choices"]:
        raise UnusableReplyError("the response holds no choices")
    choice = completion["choices"][0]
    message = choice["message"]
    return ModelReply(
        text=text_of(message.get("content")),
        finish_reason=str(choice.get("finish_reason") or ""),
        is_refusal=bool(message.get("refusal")),
        tool_calls=tuple(_tool_call(call["function"]) for call in message.get("tool_calls") or ()),
        tokens=_tokens(completion.get("usage")),
    )


def text_of(content: Any) -> str:
    """The text in `content`, which is a string, nothing, or a list of parts, of which only texts count."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if part.get("type") == "text")
    return str(content or "")


def _tool_call(function: dict[str, Any]) -> ToolCall:
    """Arguments are an object in JSON; from some servers the object itself, from small models anything."""
    arguments = function.get("arguments")
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            arguments = None
    return ToolCall(function["name"], arguments if isinstance(arguments, dict) else {})


def _tokens(usage: dict[str, Any] | None) -> Tokens | None:
    if not usage:
        return None
    return Tokens(input=usage.get("prompt_tokens") or 0, output=usage.get("completion_tokens") or 0)
