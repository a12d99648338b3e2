"""A completion as the stream of server-sent events that a provider would send instead."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any


def events(
    completion: dict[str, Any], *, with_usage: bool, is_ended: bool, piece_size: int | None = None
) -> list[str]:
    """The events of `completion`: its text word by word or in pieces, its tool calls in halves, end and usage."""
    head = {"id": completion["id"], "object": "chat.completion.chunk", "model": completion["model"]}
    chunks: list[dict[str, Any]] = []
    for choice in completion["choices"] or ():
        chunks += [{"choices": [_choice(delta)]} for delta in _deltas(choice["message"], piece_size)]
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


def _deltas(message: dict[str, Any], piece_size: int | None) -> Iterator[dict[str, Any]]:
    piece = re.compile(rf"(?s:.{{1,{piece_size}}})" if piece_size else r"\s*\S+|\s+$")
    yield {"role": "assistant", "content": ""}
    for text in piece.findall(message.get("reasoning_content") or ""):
        yield {"reasoning_content": text}
    for text in piece.findall(message["content"] or ""):
        yield {"content": text}
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
