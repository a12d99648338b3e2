"""What the stub OpenAI-compatible server sends: completions, embeddings, and everything that can go wrong."""

import base64
import hashlib
import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.fakes.openai_stream import chunked, events

Mode = Literal[
    "ok",
    "error",
    "hang",
    "drip_body",
    "drip_headers",
    "half_json",
    "cut_off",
    "cut_stream",
    "drip_stream",
    "early_end",
    "tool_call",
    "html",
    "empty_choices",
    "null_choices",
    "empty_content",
    "refusal",
    "no_usage",
]
EMBEDDING_SIZE = 64


@dataclass(frozen=True, slots=True)
class Reply:
    """How one request is answered.

    `mode="error"` sends `status` with an error body of OpenAI's shape built from `text`, `code` and `param`;
    `retry_after` becomes the header of that name. `text` is the completion otherwise, beside which
    `mode="tool_call"` calls `tool` with `arguments`. A request that asks for a stream gets one; `drip_stream`
    and `cut_stream` send half of it at once, `early_end` leaves its finish_reason out. `reasoning` comes beside
    the text, as vLLM's and DeepSeek's `reasoning_content`. A stream's events hold a word each, or `piece_size`
    characters.
    """

    mode: Mode = "ok"
    text: str = "Resposta do modelo."
    reasoning: str | None = None
    piece_size: int | None = None
    delay_seconds: float = 0
    finish_reason: str = "stop"
    status: int = 500
    code: str | None = None
    param: str | None = None
    retry_after: str | None = None
    tool: str = "transferir_para_humano"
    arguments: Any = '{"motivo": "O cliente pediu."}'


@dataclass(frozen=True, slots=True)
class WireReply:
    """Bytes: those sent at once, those sent one by one; then the server may hang, or hang up."""

    at_once: bytes
    dripping: bytes = b""
    hang: bool = False
    hang_up: bool = False


def render(reply: Reply, path: str, request: Any) -> WireReply:
    """The bytes that answer `request` (a parsed JSON body) at `path`."""
    if reply.mode == "hang":
        return WireReply(b"", hang=True)
    if reply.mode == "error":
        return WireReply(_error(reply))
    if reply.mode == "html":
        return WireReply(_response(200, "<html><body>Bem-vindo</body></html>", content_type="text/html"))
    if reply.mode == "drip_headers":
        return WireReply(b"HTTP/1.1 200 OK\r\n", dripping=b"X-Drip: " + b"x" * 10_000)
    if request.get("stream"):
        return _spoilt(reply.mode, _streamed(reply, request))
    body = json.dumps(_embeddings(request) if path.endswith("/embeddings") else _completion(reply, request))
    if reply.mode == "half_json":
        body = body[: len(body) // 2]
    return _spoilt(reply.mode, _response(200, body))


def embed(text: str) -> list[float]:
    """A unit vector that depends on the words of `text` alone, so that similar texts are near each other."""
    vector = [0.0] * EMBEDDING_SIZE
    for word in text.lower().split() or [""]:
        digest = hashlib.sha256(word.encode()).digest()
        vector[digest[0] % EMBEDDING_SIZE] += 1.0 if digest[1] % 2 else -1.0
    length = math.hypot(*vector)
    return [value / length for value in vector] if length else [1.0, *vector[1:]]


def _spoilt(mode: Mode, response: bytes) -> WireReply:
    """`response` as the modes send it that are about bytes."""
    head, _, rest = response.partition(b"\r\n\r\n")
    body, half = len(head) + 4, len(head) + 4 + len(rest) // 2
    if mode == "cut_off":
        return WireReply(response[:-20], hang_up=True)
    if mode == "cut_stream":
        return WireReply(response[:half], hang_up=True)
    if mode == "drip_body":
        return WireReply(response[:body], dripping=response[body:])
    if mode == "drip_stream":
        return WireReply(response[:half], dripping=response[half:])
    return WireReply(response)


def _response(
    status: int, body: str, *, content_type: str = "application/json", headers: Sequence[str] = ()
) -> bytes:
    content = body.encode()
    lines = (f"HTTP/1.1 {status} Stub", f"Content-Type: {content_type}", f"Content-Length: {len(content)}")
    return "\r\n".join((*lines, *headers, "", "")).encode() + content


def _error(reply: Reply) -> bytes:
    error = {"message": reply.text, "type": "stub_error", "code": reply.code, "param": reply.param}
    headers = () if reply.retry_after is None else (f"Retry-After: {reply.retry_after}",)
    return _response(reply.status, json.dumps({"error": error}), headers=headers)


def _completion(reply: Reply, request: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    if reply.reasoning is not None:
        message["reasoning_content"] = reply.reasoning
    if reply.mode == "empty_content":
        message["content"] = None
    if reply.mode == "refusal":
        message |= {"content": None, "refusal": reply.text}
    if reply.mode == "tool_call":
        function = {"name": reply.tool, "arguments": reply.arguments}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    choices: Any = [{"index": 0, "message": message, "finish_reason": reply.finish_reason}]
    choices = {"empty_choices": [], "null_choices": None}.get(reply.mode, choices)
    completion = {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": request["model"],
        "choices": choices,
    }
    if reply.mode != "no_usage":
        completion["usage"] = {"prompt_tokens": 21, "completion_tokens": 7, "total_tokens": 28}
    return completion


def _streamed(reply: Reply, request: Any) -> bytes:
    with_usage = (request.get("stream_options") or {}).get("include_usage", False)
    is_ended = reply.mode != "early_end"
    completion = _completion(reply, request)
    lines = events(completion, with_usage=with_usage, is_ended=is_ended, piece_size=reply.piece_size)
    if reply.mode == "half_json":
        lines = [line[: len(line) // 2] for line in lines]
    head = "HTTP/1.1 200 Stub\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + chunked(lines)


def _embeddings(request: Any) -> dict[str, Any]:
    texts = [request["input"]] if isinstance(request["input"], str) else request["input"]
    packed = request.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": index, "embedding": _packed(embed(text)) if packed else embed(text)}
        for index, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
    return {"object": "list", "model": request["model"], "data": data, "usage": usage}


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode("ascii")
