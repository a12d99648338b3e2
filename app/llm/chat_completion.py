"""A chat completion, the body that OpenAI's API answers with, and those that follow it: whole, or as events."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2

from app.domain.conversations import Tokens
from app.domain.deadline import Deadline
from app.llm.reply import ModelReply, ToolCall, UnusableReplyError
from app.net.enforcement import enforced

# Once an answer is whole, only its token counts and the end of the body are to come.
_AFTER_FINISH_SECONDS = 0.5


def read_completion(completion: dict[str, Any]) -> ModelReply:
    """The reply in a parsed body.

    Raises `UnusableReplyError` if it holds none; for a body of another shape also `KeyError`, `TypeError` and
    such.
    """
    _raise_reported_error(completion)
    if not completion["choices"]:
        raise UnusableReplyError("the response holds no choices")
    choice = completion["choices"][0]
    message, usage = choice["message"], completion.get("usage")
    return ModelReply(
        text=_text_of(message.get("content")),
        finish_reason=str(choice.get("finish_reason") or ""),
        is_refusal=bool(message.get("refusal")),
        tool_calls=tuple(_tool_call(call["function"]) for call in message.get("tool_calls") or ()),
        tokens=_tokens_of(usage) if usage else None,
    )


def _tokens_of(usage: dict[str, Any]) -> Tokens:
    details = usage.get("prompt_tokens_details") or {}
    return Tokens(
        input=usage.get("prompt_tokens") or 0,
        output=usage.get("completion_tokens") or 0,
        cached=details.get("cached_tokens") or 0,
    )


def read_stream(response: httpx2.Response, deadline: Deadline) -> Iterator[str | ModelReply]:
    """The pieces of text in `response` as they come, then the reply as if it had come in one piece.

    Raises `UnusableReplyError` if the provider reports an error or stops before the end, `httpx2.TransportError`
    if the connection fails or the deadline passes. Closed early, it frees the connection.
    """
    completion = _GrowingCompletion()
    with closing(response):
        chunks = response.iter_bytes()
        rest = b""
        while (chunk := _next_chunk(chunks, deadline, completion)) is not None:
            *lines, rest = (rest + chunk).split(b"\n")
            yield from filter(None, map(completion.add, lines))
            if completion.finish_reason:
                deadline = deadline.at_most(_AFTER_FINISH_SECONDS)
    completion.add(rest)
    yield completion.whole()


def _next_chunk(chunks: Iterator[bytes], deadline: Deadline, completion: "_GrowingCompletion") -> bytes | None:
    """The next bytes, None at the end."""
    try:
        with enforced(deadline):  # and not while the consumer has the word
            return next(chunks, None)
    except httpx2.TransportError:
        if completion.finish_reason:
            return None
        raise


class _GrowingCompletion:
    """Puts the deltas of one completion together."""

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self._texts: defaultdict[str, str] = defaultdict(str)
        self._functions: defaultdict[int, dict[str, Any]] = defaultdict(dict)
        self._usage: dict[str, Any] | None = None

    def add(self, line: bytes) -> str:
        """Take in a line of the stream, which holds one whole event at most; the text that it adds."""
        field, _, data = line.strip().partition(b":")
        data = data.strip()
        if field != b"data" or data in {b"", b"[DONE]"}:
            return ""
        event = json.loads(data)
        _raise_reported_error(event)
        self._usage = event.get("usage") or self._usage
        if not event.get("choices"):
            return ""
        choice = event["choices"][0]
        self.finish_reason = choice.get("finish_reason") or self.finish_reason
        return self._add_delta(choice.get("delta") or {})

    def whole(self) -> ModelReply:
        """The reply; raises `UnusableReplyError` if its end is missing."""
        if not self.finish_reason:
            raise UnusableReplyError("the stream ended before the answer did")
        calls = [{"function": function} for function in self._functions.values()]
        choice = {"message": {**self._texts, "tool_calls": calls}, "finish_reason": self.finish_reason}
        return read_completion({"choices": [choice], "usage": self._usage})

    def _add_delta(self, delta: dict[str, Any]) -> str:
        text = _text_of(delta.get("content"))
        self._texts["content"] += text
        self._texts["refusal"] += delta.get("refusal") or ""
        for call in delta.get("tool_calls") or ():
            known, added = self._functions[call.get("index") or 0], call.get("function") or {}
            known["name"] = known.get("name") or added.get("name") or ""
            known["arguments"] = _joined(known.get("arguments"), added.get("arguments"))
        return text


def _raise_reported_error(body: dict[str, Any]) -> None:
    if body.get("error"):
        raise UnusableReplyError("the provider reported an error instead of an answer, or in the middle of it")


def _text_of(content: Any) -> str:
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


def _joined(arguments: Any, added: Any) -> Any:
    """Arguments come as pieces of JSON text, from some servers as the object itself."""
    return arguments + added if isinstance(arguments, str) and isinstance(added, str) else added or arguments
