"""A service that reaches the outside through a proxy alone."""

from pathlib import Path

import pytest

from tests.e2e.service import running
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.proxy import Proxy

HOST = "models.example"


@pytest.mark.parametrize(
    "variable", ["HTTP_PROXY", pytest.param("http_proxy", marks=pytest.mark.stress), "OUTGOING_PROXY"]
)
def test_the_model_is_asked_through_the_proxy(place: Path, variable: str) -> None:
    with OpenAIServer() as model, Proxy({HOST: "127.0.0.1"}) as proxy:
        url = model.url.replace("127.0.0.1", HOST)
        settings = {"LLM_MODEL": "m", "LLM_BASE_URL": url, variable: proxy.url}
        with running(place, None, **settings) as service:
            answer = service.say(service.make_assistant()["api_key"], "Oi")

    assert answer.json()["response"] == "Resposta do modelo."
    assert proxy.requests == [f"POST {url}/chat/completions HTTP/1.1"]
