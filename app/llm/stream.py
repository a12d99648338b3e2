"""A completion that comes as server-sent events."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2

from app.domain.deadline import Deadline
from app.llm.reply import UnusableReplyError
from app.net.enforcement import enforced

# Once an answer is whole, only its token counts and the end of the body are to come.
_AFTER_FINISH_SECONDS = 0.5

Completion = dict[str, Any]


def read_stream(response: httpx2.Response, deadline: Deadline) -> Iterator[str | Completion]:
    """The pieces of text in `response` as they come, then the completion as it would have come in one piece.

    Raises `UnusableReplyError` if the provider reports an error or stops before the end, `httpx2.TransportError`
    if the connection fails or the deadline passes. Closed early, it frees the connection.
    """
    growing = _GrowingCompletion()
    with closing(response):
        chunks = response.iter_bytes()
        rest = b""
        while (chunk := _next_chunk(chunks, deadline, growing)) is not None:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if text := growing.add(line):
                    yield text
            if growing.is_finished:
                deadline = deadline.at_most(_AFTER_FINISH_SECONDS)
    growing.add(rest)
    yield growing.whole()


def _next_chunk(chunks: Iterator[bytes], deadline: Deadline, growing: "_GrowingCompletion") -> bytes | None:
    """The next bytes, None at the end."""
    try:
        with enforced(deadline):  # and not while the consumer has the word
            return next(chunks, None)
    except httpx2.TransportError:
        if growing.is_finished:
            return None
        raise


class _GrowingCompletion:
    """Puts the deltas of one completion together."""

    def __init__(self) -> None:
        self.is_finished = False
        self._text: list[str] = []
        self._refusal: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}
        self._whole: Completion = {"usage": None}
        self._finish_reason: str | None = None

    def add(self, line: bytes) -> str:
        """Take in a line of the stream, which holds one whole event at most; the text that it adds."""
        field, _, data = line.strip().partition(b":")
        data = data.strip()
        if field != b"data" or data in {b"", b"[DONE]"}:
            return ""
        event = json.loads(data)
        if event.get("error"):
            raise UnusableReplyError("the provider reported an error in the middle of the answer")
        self._whole["usage"] = event.get("usage") or self._whole["usage"]
        return self._add_choice(event["choices"][0]) if event.get("choices") else ""

    def whole(self) -> Completion:
        """The completion; raises `UnusableReplyError` if its end is missing."""
        if not self.is_finished:
            raise UnusableReplyError("the stream ended before the answer did")
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self._text)}
        if self._refusal:
            message["refusal"] = "".join(self._refusal)
        if self._calls:
            message["tool_calls"] = list(self._calls.values())
        return {**self._whole, "choices": [{"message": message, "finish_reason": self._finish_reason}]}

    def _add_choice(self, choice: dict[str, Any]) -> str:
        delta = choice.get("delta") or {}
        if finish_reason := choice.get("finish_reason"):
            self.is_finished, self._finish_reason = True, finish_reason
        if refusal := delta.get("refusal"):
            self._refusal.append(refusal)
        for call in delta.get("tool_calls") or ():
            self._add_call(call)
        text: str = delta.get("content") or ""
        self._text.append(text)
        return text

    def _add_call(self, call: dict[str, Any]) -> None:
        index, function = call.get("index") or 0, call.get("function") or {}
        known = self._calls.setdefault(index, {"type": "function", "function": {"name": "", "arguments": ""}})
        known.setdefault("id", call.get("id") or str(index))
        known["function"]["name"] = known["function"]["name"] or function.get("name") or ""
        known["function"]["arguments"] += _text_of(function.get("arguments"))


def _text_of(arguments: Any) -> str:
    """Arguments come as pieces of JSON text, from some servers as the object itself."""
    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments) if arguments else ""
