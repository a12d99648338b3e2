import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from app.domain.conversations import Tokens
from app.domain.deadline import Deadline
from app.llm.chat_completion import read_completion, read_stream
from app.llm.reply import ModelReply, ToolCall, UnusableReplyError
from app.net.enforcement import seconds_left


def completion(message: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"choices": [{"message": message, "finish_reason": "stop"}], **values}


def test_text_tokens_and_why_it_ended() -> None:
    usage = {"prompt_tokens": 21, "completion_tokens": 7, "total_tokens": 28}

    assert read_completion(completion({"content": "5 dias."}, usage=usage)) == ModelReply(
        "5 dias.", finish_reason="stop", tokens=Tokens(21, 7)
    )


@pytest.mark.parametrize(
    ("details", "cached"), [({"cached_tokens": 20}, 20), ({"cached_tokens": None}, 0), (None, 0)]
)
def test_tokens_of_the_providers_cache(details: Any, cached: int) -> None:
    usage = {"prompt_tokens": 21, "completion_tokens": 7, "prompt_tokens_details": details}

    assert read_completion(completion({"content": "5"}, usage=usage)).tokens == Tokens(21, 7, cached=cached)


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


class Body(httpx2.SyncByteStream):
    """Chunks as they come from a connection; an exception among them is raised."""

    def __init__(self, *chunks: bytes | Exception) -> None:
        self._chunks = chunks
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk

    def close(self) -> None:
        self.is_closed = True


def event(delta: dict[str, Any] | None = None, finish_reason: str | None = None, **values: Any) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish_reason}]
    return f"data: {json.dumps({'choices': choices, **values}, ensure_ascii=False)}\n\n".encode()


END = event({}, "stop")


def read(*chunks: bytes | Exception) -> list[Any]:
    return list(read_stream(httpx2.Response(200, stream=Body(*chunks)), Deadline(60)))


def reply(*chunks: bytes) -> ModelReply:
    whole = read(*chunks)[-1]
    assert isinstance(whole, ModelReply)
    return whole


def test_pieces_and_then_the_reply() -> None:
    usage = {"prompt_tokens": 21, "completion_tokens": 7}
    *pieces, whole = read(
        event({"role": "assistant", "content": ""}),
        event({"content": "5 "}),
        event({"content": "dias."}),
        END,
        event(usage=usage),
        b"data: [DONE]\n\n",
    )

    assert pieces == ["5 ", "dias."]
    assert whole == ModelReply("5 dias.", finish_reason="stop", tokens=Tokens(21, 7))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_may_be_cut_anywhere(size: int) -> None:
    sent = b": oi\r\n\r\nevent: message\n" + event({"content": "ação 😀"}).replace(b"\n", b"\r\n") + END.strip()
    chunks = [sent[start : start + size] for start in range(0, len(sent), size)]

    assert read(*chunks)[0] == "ação 😀"
    assert reply(*chunks).text == "ação 😀"


def test_tool_calls_are_put_together() -> None:
    def call(index: int, **function: str | None) -> bytes:
        return event({"tool_calls": [{"index": index, "id": f"c{index}", "function": function}]})

    calls = reply(
        call(0, name="a", arguments=None), call(0, name="a", arguments='{"x"'), call(1, name="b"),
        call(0, arguments=": 1}"), END,
    ).tool_calls  # fmt: skip

    assert calls == (ToolCall("a", {"x": 1}), ToolCall("b", {}))


@pytest.mark.parametrize("chunks", [(), (event({"content": "5"}),), (b"<html>\n",), (b"data: [DONE]\n\n",)])
def test_a_stream_that_ends_before_the_answer_is_unusable(chunks: tuple[bytes, ...]) -> None:
    with pytest.raises(UnusableReplyError, match="ended before"):
        read(*chunks)


def test_an_error_in_the_stream_is_unusable() -> None:
    with pytest.raises(UnusableReplyError, match="reported an error"):
        read(event({"content": "5"}), event(error={"message": "sk-secret"}))


def test_a_lost_connection_is_an_error_before_the_end_and_none_after_it() -> None:
    lost = httpx2.NetworkError("cut")
    with pytest.raises(httpx2.NetworkError):
        read(event({"content": "5"}), lost)

    assert read(event({"content": "5"}), END, lost)[0] == "5"


def test_no_deadline_is_in_force_while_the_consumer_has_the_word() -> None:
    for _ in read_stream(httpx2.Response(200, stream=Body(event({"content": "5"}), END)), Deadline(60)):
        assert seconds_left() is None


def test_the_response_is_closed_at_the_end_and_when_left_early() -> None:
    whole, left = Body(event({"content": "5"}), END), Body(event({"content": "5"}), END)
    list(read_stream(httpx2.Response(200, stream=whole), Deadline(60)))
    pieces = read_stream(httpx2.Response(200, stream=left), Deadline(60))
    next(pieces)
    assert not left.is_closed
    del pieces

    assert whole.is_closed
    assert left.is_closed
