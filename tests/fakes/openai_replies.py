"""What the stub OpenAI-compatible server sends: completions, embeddings, and everything that can go wrong."""

import base64
import hashlib
import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal[
    "ok",
    "error",
    "hang",
    "drip_body",
    "drip_headers",
    "half_json",
    "cut_off",
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
    `retry_after` becomes the header of that name. `text` is the completion otherwise.
    """

    mode: Mode = "ok"
    text: str = "Resposta do modelo."
    delay_seconds: float = 0
    finish_reason: str = "stop"
    status: int = 500
    code: str | None = None
    param: str | None = None
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class WireReply:
    """Bytes: those sent at once, those sent one by one; then the server may hang, or hang up."""

    at_once: bytes
    dripping: bytes = b""
    hang: bool = False
    hang_up: bool = False


def render(reply: Reply, path: str, request: Any) -> WireReply:  # noqa: PLR0911 - one line a mode
    """The bytes that answer `request` (a parsed JSON body) at `path`."""
    if reply.mode == "hang":
        return WireReply(b"", hang=True)
    if reply.mode == "error":
        return WireReply(_error(reply))
    if reply.mode == "html":
        return WireReply(_response(200, "<html><body>Bem-vindo</body></html>", content_type="text/html"))
    body = json.dumps(_embeddings(request) if path.endswith("/embeddings") else _completion(reply, request))
    if reply.mode == "half_json":
        return WireReply(_response(200, body[: len(body) // 2]))
    if reply.mode == "cut_off":
        return WireReply(_response(200, body)[:-20], hang_up=True)
    if reply.mode == "drip_body":
        head, _, rest = _response(200, body).partition(b"\r\n\r\n")
        return WireReply(head + b"\r\n\r\n", dripping=rest)
    if reply.mode == "drip_headers":
        return WireReply(b"HTTP/1.1 200 OK\r\n", dripping=b"X-Drip: " + b"x" * 10_000)
    return WireReply(_response(200, body))


def embed(text: str) -> list[float]:
    """A unit vector that depends on the words of `text` alone, so that similar texts are near each other."""
    vector = [0.0] * EMBEDDING_SIZE
    for word in text.lower().split() or [""]:
        digest = hashlib.sha256(word.encode()).digest()
        vector[digest[0] % EMBEDDING_SIZE] += 1.0 if digest[1] % 2 else -1.0
    length = math.hypot(*vector)
    return [value / length for value in vector] if length else [1.0, *vector[1:]]


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
    if reply.mode == "empty_content":
        message["content"] = None
    if reply.mode == "refusal":
        message |= {"content": None, "refusal": reply.text}
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
