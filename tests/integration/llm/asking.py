"""Questions to a language model on a stub server."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.domain.answers import Answer, Question
from app.domain.errors import ModelError
from app.llm.config import ModelConfig
from app.llm.language_model import LanguageModel
from app.net.client import open_client
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import OpenAIServer

MESSAGE = "Qual o prazo para Santos, CPF 111.222.333-44?"
KEY = "sk-secret-0123456789"
HANG_SECONDS = 20


@contextmanager
def language_model(base_url: str | None, model: str = "m", **values: Any) -> Iterator[LanguageModel]:
    config = ModelConfig(model, base_url=base_url, **{"timeout_seconds": 10.0, **values})
    with open_client() as http_client:
        yield LanguageModel(config, http_client)


def acquaint(model: LanguageModel, server: OpenAIServer) -> None:
    """Have `model` answer once, so that it is known not to think aloud and streams from the first word on."""
    script, reply = server.script, server.reply
    server.script, server.reply = deque(), Reply()
    model.answer(Question(MESSAGE), 60)
    server.script, server.reply = script, reply
    server.requests.clear()


def ask(server: OpenAIServer, model: str = "m", **values: Any) -> Answer:
    with language_model(**{"base_url": server.url, "model": model, **values}) as built:
        return built.answer(Question(MESSAGE), 60)


def refused(server: OpenAIServer, **values: Any) -> ModelError:
    with pytest.raises(ModelError) as raised:
        ask(server, **values)
    return raised.value
