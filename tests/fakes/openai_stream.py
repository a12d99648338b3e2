"""A completion as the stream of server-sent events that a provider would send instead."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any


def events(completion: dict[str, Any], *, with_usage: bool, is_ended: bool) -> list[str]:
    """The events of `completion`: its text word by word, its tool calls in halves, how it ended, its usage."""
    head = {"id": completion["id"], "object": "chat.completion.chunk", "model": completion["model"]}
    chunks: list[dict[str, Any]] = []
    for choice in completion["choices"] or ():
        chunks += [{"choices": [_choice(delta)]} for delta in _deltas(choice["message"])]
        if is_ended:
            chunks.append({"choices": [_choice({}, choice["finish_reason"])]})
    if with_usage and "usage" in completion:
        chunks.append({"choices": [], "usage": completion["usage"]})
    texts = [json.dumps({**head, **chunk}) for chunk in chunks or [{"choices": completion["choices"]}]]
    return [f"data: {text}\n\n" for text in (*texts, "[DONE]")]


def chunked(parts: Iterable[str]) -> bytes:
    """A body in chunks (RFC 9112, 7.1), one for each part."""
    bodies = [part.encode() for part in (*parts, "")]
    return b"".join(b"%x\r\n%s\r\n" % (len(body), body) for body in bodies)


def _choice(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _deltas(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    for word in re.findall(r"\s*\S+|\s+$", message["content"] or ""):
        yield {"content": word}
    if "refusal" in message:
        yield {"refusal": message["refusal"]}
    for index, call in enumerate(message.get("tool_calls", ())):
        function = call["function"]
        first, second = _halves(function["arguments"])
        yield {"tool_calls": [{**call, "index": index, "function": {**function, "arguments": first}}]}
        yield {"tool_calls": [{"index": index, "function": {"arguments": second}}]}


def _halves(arguments: Any) -> tuple[Any, Any]:
    if not isinstance(arguments, str):
        return arguments, None
    return arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :]
