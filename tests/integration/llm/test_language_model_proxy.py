"""Models are asked through the proxy for outgoing requests."""

import logging
import ssl
from pathlib import Path

import pytest

from app.domain.answers import Answer, Question
from app.domain.errors import ModelUnavailableError
from app.llm.config import ModelConfig
from app.llm.language_model import LanguageModel
from app.net.client import open_client
from app.net.outgoing_proxies import Proxies
from tests.fakes.certificates import self_signed
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.proxy import Proxy
from tests.integration.llm.asking import MESSAGE

HOST = "models.example"
QUESTION = Question(MESSAGE)


def test_whole_and_streamed_answers_come_through_one_tunnel(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path / "models.pem", HOST)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    trusted = ssl.create_default_context(cafile=certificate)
    with OpenAIServer(tls=tls) as server, Proxy({HOST: "127.0.0.1"}) as proxy:
        url = server.url.replace("127.0.0.1", HOST)
        with open_client(Proxies(https=proxy.url), ssl_context=trusted) as http_client:
            model = LanguageModel(ModelConfig("m", base_url=url), http_client)
            for _ in range(2):
                *_, answer = model.stream(QUESTION, 60)
                assert isinstance(answer, Answer)
                assert model.answer(QUESTION, 60).text == answer.text == "Resposta do modelo."

    assert proxy.requests == [f"CONNECT {HOST}:{server.port} HTTP/1.1"]
    assert len(server.requests) == 4


def test_a_proxy_that_refuses_is_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    config = ModelConfig("m", base_url=f"https://{HOST}/v1", timeout_seconds=10)
    with (
        Proxy(refusal="407 Proxy Authentication Required") as proxy,
        open_client(Proxies(https=proxy.url)) as http_client,
        caplog.at_level(logging.WARNING),
        pytest.raises(ModelUnavailableError),
    ):
        LanguageModel(config, http_client).answer(QUESTION, 60)

    assert "no connection (ProxyRefusedError: 407 Proxy Authentication Required)" in caplog.text
