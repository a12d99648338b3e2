import json
import logging
from collections import deque
from typing import Any

import pytest

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens
from app.domain.errors import ModelFailedError
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer, RecordedRequest
from tests.integration.llm.asking import KEY, MESSAGE, language_model

HANDED_OVER = Answer("", Tokens(21, 7), "m", handover_reason="O cliente pediu.")


def reply_to(reply: Reply, *, streamed: bool) -> Answer:
    with OpenAIServer(reply) as server, language_model(server.url) as model:
        if not streamed:
            return model.answer(Question(MESSAGE), 60)
        *_, answer = model.stream(Question(MESSAGE), 60)
        assert isinstance(answer, Answer)
        return answer


def test_the_tool_is_offered_with_every_call() -> None:
    with OpenAIServer() as server, language_model(server.url) as model:
        model.answer(Question(MESSAGE), 60)
        list(model.stream(Question(MESSAGE), 60))
        plain, streamed = (request.body for request in server.requests)

    assert plain["tools"] == streamed["tools"]
    (tool,) = plain["tools"]
    assert tool["type"] == "function"
    assert tool["function"]["name"] == "transferir_para_humano"
    assert tool["function"]["parameters"]["required"] == ["motivo"]
    assert len(json.dumps(plain["tools"])) < 500


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("text", ["", "Vou chamar alguém."])
@pytest.mark.parametrize("finish_reason", ["tool_calls", "stop"])
def test_a_call_hands_over_whatever_is_said_beside_it(text: str, finish_reason: str, streamed: bool) -> None:
    reply = Reply(mode="tool_call", text=text, finish_reason=finish_reason)

    assert reply_to(reply, streamed=streamed) == HANDED_OVER


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('{"motivo": "a\\u0000 "}', "a"),
        ({"motivo": "a"}, "a"),
        ('{"motivo": 5}', ""),
        ('{"motivo": "a', ""),
        ('"a"', ""),
        ("[1]", ""),
        ("null", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_hand_over_needs_no_good_arguments(arguments: Any, reason: str, streamed: bool) -> None:
    reply = Reply(mode="tool_call", text="", arguments=arguments)

    assert reply_to(reply, streamed=streamed).handover_reason == reason


@pytest.mark.parametrize("streamed", [False, True])
def test_another_tool_is_not_a_usable_reply(streamed: bool) -> None:
    with pytest.raises(ModelFailedError):
        reply_to(Reply(mode="tool_call", text="", tool="buscar"), streamed=streamed)

    assert reply_to(Reply(mode="tool_call", text="Sim.", tool="buscar"), streamed=streamed).text == "Sim."


def test_a_hand_over_without_text_has_no_pieces() -> None:
    with OpenAIServer(Reply(mode="tool_call", text="")) as server, language_model(server.url) as model:
        assert list(model.stream(Question(MESSAGE), 60)) == [HANDED_OVER]


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    "refusal",
    [
        Reply(mode="error", status=400, param="tools"),
        Reply(mode="error", status=422, code="tools_not_supported"),
        Reply(mode="error", status=400, text=f"model {KEY} does not support tools"),
    ],
)
def test_a_model_without_tools_is_asked_without_from_then_on(
    refusal: Reply, streamed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def reply(request: RecordedRequest) -> Reply:
        return refusal if "tools" in request.body else Reply()

    with OpenAIServer(reply) as server, language_model(server.url) as model, caplog.at_level(logging.WARNING):
        for _ in range(2):
            if streamed:
                list(model.stream(Question(MESSAGE), 60))
            else:
                model.answer(Question(MESSAGE), 60)
        assert ["tools" in request.body for request in server.requests] == [True, False, False]

    assert caplog.messages == ["language model m: refuses tools, which is left out from now on"]


def test_everything_that_can_be_left_out_is_before_giving_up() -> None:
    refusals = [Reply(mode="error", status=400, param=param) for param in ("tools", "temperature", "tools")]
    with OpenAIServer(script=deque(refusals)) as server, language_model(server.url) as model:
        with pytest.raises(ModelFailedError):
            model.answer(Question(MESSAGE), 60)
        assert len(server.requests) == 3


def test_another_provider_is_offered_the_tool_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key")
    with OpenAIServer(Reply(mode="tool_call", text="")) as server:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.url.removesuffix("/v1"))
        with language_model(None, "azure_openai:b") as model:
            assert model.answer(Question(MESSAGE), 60).handover_reason == "O cliente pediu."
