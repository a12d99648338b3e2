"""A chat completion that comes as server-sent events."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2

from app.domain.deadline import Deadline
from app.llm.chat_completion import read_completion, text_of
from app.llm.reply import ModelReply, UnusableReplyError
from app.net.enforcement import enforced

# Once an answer is whole, only its token counts and the end of the body are to come.
_AFTER_FINISH_SECONDS = 0.5


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
            for line in lines:
                if text := completion.add(line):
                    yield text
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
        if event.get("error"):
            raise UnusableReplyError("the provider reported an error in the middle of the answer")
        self._usage = event.get("usage") or self._usage
        return self._add_choice(event["choices"][0]) if event.get("choices") else ""

    def whole(self) -> ModelReply:
        """The reply; raises `UnusableReplyError` if its end is missing."""
        if not self.finish_reason:
            raise UnusableReplyError("the stream ended before the answer did")
        calls = [{"function": function} for function in self._functions.values()]
        choice = {"message": {**self._texts, "tool_calls": calls}, "finish_reason": self.finish_reason}
        return read_completion({"choices": [choice], "usage": self._usage})

    def _add_choice(self, choice: dict[str, Any]) -> str:
        delta = choice.get("delta") or {}
        self.finish_reason = choice.get("finish_reason") or self.finish_reason
        text = text_of(delta.get("content"))
        self._texts["content"] += text
        self._texts["refusal"] += delta.get("refusal") or ""
        for call in delta.get("tool_calls") or ():
            known, added = self._functions[call.get("index") or 0], call.get("function") or {}
            known["name"] = known.get("name") or added.get("name") or ""
            known["arguments"] = _joined(known.get("arguments"), added.get("arguments"))
        return text


def _joined(arguments: Any, added: Any) -> Any:
    """Arguments come as pieces of JSON text, from some servers as the object itself."""
    return arguments + added if isinstance(arguments, str) and isinstance(added, str) else added or arguments
