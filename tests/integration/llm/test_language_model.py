import json
import logging
import ssl
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest

from app.domain.answers import Answer, Question, Turn
from app.domain.conversations import Tokens
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.net.client import public_authorities
from tests.fakes.certificates import self_signed
from tests.fakes.openai_replies import EMBEDDING_SIZE, Mode, Reply
from tests.fakes.openai_server import OpenAIServer, unused_url
from tests.integration.llm.asking import HANG_SECONDS, KEY, MESSAGE, ask, language_model, refused


def test_an_answer_with_its_tokens_and_model() -> None:
    with OpenAIServer(Reply(text=" O prazo é de 5 dias.\n")) as server:
        assert ask(server) == Answer("O prazo é de 5 dias.", Tokens(21, 7), "m")


def test_what_is_sent_to_a_compatible_server() -> None:
    with OpenAIServer() as server, language_model(server.url, "llama3:8b", api_key=KEY) as model:
        model.answer(Question(MESSAGE, instructions="Seja a Bia.", history=(Turn("Oi", "Olá!"),)), 60)
        (request,) = server.requests

    assert request.method == "POST"
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body["model"] == "llama3:8b"
    assert request.body["temperature"] == 0.2
    assert request.body["max_tokens"] == 600
    assert "max_completion_tokens" not in request.body
    system, *said = request.body["messages"]
    assert system["content"].startswith("Seja a Bia.")
    assert [(message["role"], message["content"]) for message in said] == [
        ("user", "Oi"),
        ("assistant", "Olá!"),
        ("user", MESSAGE),
    ]


@pytest.mark.parametrize("name", ["gpt-5-mini", "o3-mini"])
def test_what_is_sent_to_a_reasoning_model(name: str) -> None:
    with OpenAIServer() as server:
        assert ask(server, name).model == name
        body = server.requests[0].body

    assert "temperature" not in body
    assert "max_tokens" not in body
    assert body["max_completion_tokens"] == 2600
    assert body["reasoning_effort"] == "low"


def test_a_parameter_the_model_refuses_is_left_out_from_then_on() -> None:
    refusal = Reply(mode="error", status=400, code="unsupported_value", param="temperature")
    with OpenAIServer(script=deque([refusal])) as server, language_model(server.url, "my-deployment") as model:
        model.answer(Question(MESSAGE), 60)
        model.answer(Question(MESSAGE), 60)
        sent = ["temperature" in request.body for request in server.requests]

    assert sent == [True, False, False]


def test_another_refused_parameter_is_a_failure() -> None:
    refusal = Reply(mode="error", status=400, code="unsupported_value", param="messages")
    with OpenAIServer(refusal) as server:
        assert isinstance(refused(server), ModelFailedError)
        assert len(server.requests) == 1


def test_without_a_key_a_compatible_server_is_asked_all_the_same() -> None:
    with OpenAIServer() as server:
        ask(server)
        assert server.requests[0].headers["authorization"] == "Bearer not-needed"


def test_missing_usage_is_estimated() -> None:
    with OpenAIServer(Reply(mode="no_usage")) as server:
        tokens = ask(server).tokens

    assert tokens.estimated
    assert tokens.input > 100
    assert 3 <= tokens.output <= 10


@pytest.mark.parametrize(
    "reply",
    [
        Reply(mode="half_json"),
        Reply(mode="html"),
        Reply(mode="empty_choices"),
        Reply(mode="null_choices"),
        Reply(mode="empty_content"),
        Reply(mode="refusal"),
        Reply(finish_reason="content_filter"),
        Reply(text=" \x00 "),
        *(Reply(mode="error", status=status) for status in (400, 401, 403, 404, 422)),
    ],
    ids=lambda reply: f"{reply.mode}-{reply.finish_reason}-{reply.status}",
)
def test_what_would_fail_again_fails_at_once(reply: Reply) -> None:
    with OpenAIServer(reply) as server:
        error = refused(server)
        assert len(server.requests) == 1

    assert isinstance(error, ModelFailedError)
    assert error.retry_after is None


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(mode="error", status=500), ModelFailedError),
        (Reply(mode="error", status=429), ModelUnavailableError),
        (Reply(mode="cut_off"), ModelUnavailableError),
    ],
)
def test_what_may_pass_is_tried_three_times(reply: Reply, expected: type[ModelError]) -> None:
    with OpenAIServer(reply) as server:
        assert isinstance(refused(server), expected)
        assert len(server.requests) == 3


def test_a_retry_that_works_is_an_answer() -> None:
    with OpenAIServer(script=deque([Reply(mode="error", status=503), Reply(mode="cut_off")])) as server:
        assert ask(server).text == "Resposta do modelo."
        assert len(server.requests) == 3


def test_retry_after_is_waited_for_if_it_fits() -> None:
    with OpenAIServer(script=deque([Reply(mode="error", status=429, retry_after="1")])) as server:
        started = time.monotonic()
        ask(server)

    assert time.monotonic() - started >= 1


def test_retry_after_that_does_not_fit_is_passed_on_at_once() -> None:
    with OpenAIServer(Reply(mode="error", status=429, retry_after="7200")) as server:
        started = time.monotonic()
        error = refused(server)
        assert len(server.requests) == 1

    assert isinstance(error, ModelUnavailableError)
    assert error.retry_after == 7200
    assert time.monotonic() - started < HANG_SECONDS / 2


@pytest.mark.parametrize("url", [None, "http://no-such-host.invalid/v1"], ids=["refused", "unknown"])
def test_a_server_that_is_not_there_is_unavailable(url: str | None) -> None:
    with language_model(url or unused_url()) as model, pytest.raises(ModelUnavailableError):
        model.answer(Question(MESSAGE), 60)


def test_every_address_of_a_name_is_tried() -> None:
    with OpenAIServer() as server:
        assert ask(server, base_url=server.url.replace("127.0.0.1", "localhost")).model == "m"


@pytest.mark.parametrize("mode", ["hang", "drip_body", "drip_headers"])
def test_the_deadline_holds(mode: Mode) -> None:
    with OpenAIServer(Reply(mode=mode)) as server:
        started = time.monotonic()
        error = refused(server, timeout_seconds=0.5)

    assert isinstance(error, ModelTimeoutError)
    assert time.monotonic() - started < HANG_SECONDS / 2


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One of this machine, which clients that are opened in the test trust."""
    certificate = self_signed(tmp_path / "stub.pem", "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    public_authorities.cache_clear()
    yield certificate
    public_authorities.cache_clear()


def test_the_deadline_holds_over_tls(certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with OpenAIServer(script=deque([Reply()]), reply=Reply(mode="drip_body"), tls=tls) as server:
        assert ask(server).text == "Resposta do modelo."
        assert isinstance(refused(server, timeout_seconds=0.5), ModelTimeoutError)


def test_the_deadline_covers_retries_and_fallbacks() -> None:
    slow_error = Reply(mode="error", status=500, delay_seconds=0.3)
    with OpenAIServer(slow_error) as server:
        started = time.monotonic()
        refused(server, timeout_seconds=1.0, fallback_models=("b", "c"))

    assert time.monotonic() - started < 5


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_nothing_of_the_customer_or_the_key_is_logged_or_raised(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    told = f"Incorrect API key {KEY}; the input was: {MESSAGE}"
    reply = Reply(mode="error", status=status, text=told, code="some_code", param=MESSAGE, retry_after="99")
    with caplog.at_level(logging.WARNING), OpenAIServer(reply) as server:
        error = refused(server, api_key=KEY)

    assert f"language model m: HTTP {status} stub_error some_code" in caplog.text
    for secret in (KEY, "111.222.333-44", "127.0.0.1"):
        assert secret not in caplog.text
        assert secret not in str(error)


def test_connections_are_kept_and_reused() -> None:
    with OpenAIServer() as server, language_model(server.url) as model:
        for _ in range(5):
            model.answer(Question(MESSAGE), 60)
        assert server.accepted == 1


def test_a_connection_the_server_closed_is_replaced() -> None:
    with OpenAIServer() as server, language_model(server.url) as model:
        model.answer(Question(MESSAGE), 60)
        server.drop_connections()
        assert model.answer(Question(MESSAGE), 60).text == "Resposta do modelo."
        assert len(server.requests) == 2


def test_two_hundred_calls_wait_at_the_same_time() -> None:
    together = threading.Barrier(200)
    with OpenAIServer(Reply(delay_seconds=1)) as server, language_model(server.url, timeout_seconds=60) as model:

        def call() -> str:
            together.wait(timeout=60)
            return model.answer(Question(MESSAGE), 60).text

        with ThreadPoolExecutor(200) as pool:
            answers = [future.result() for future in [pool.submit(call) for _ in range(200)]]
        assert server.most_at_once > 64

    assert answers == ["Resposta do modelo."] * 200


def loaded_after(script: str) -> set[str]:
    """The modules that a process of its own has loaded after `script`."""
    whole = f"import json, sys\n{script}\nprint(json.dumps(list(sys.modules)))"
    output = subprocess.run([sys.executable, "-c", whole], capture_output=True, check=True).stdout
    return set(json.loads(output))


def test_no_library_of_models_is_loaded_before_a_model_is_built() -> None:
    loaded = loaded_after("import app.llm.language_model")

    assert not {"langchain", "langchain_core", "openai", "httpx2"} & loaded


def test_langchain_is_not_loaded_for_a_compatible_server() -> None:
    loaded = loaded_after(
        "from app.llm.language_model import LanguageModel\n"
        "from app.llm.config import ModelConfig\n"
        "from app.net.client import open_client\n"
        "LanguageModel(ModelConfig('m', base_url='http://127.0.0.1:9/v1'), open_client())"
    )

    assert "openai" in loaded
    assert not {"langchain", "langchain_core", "langchain_openai"} & loaded


def test_the_stub_serves_embeddings_to_the_openai_client() -> None:
    with OpenAIServer() as server, openai.OpenAI(base_url=server.url, api_key="x") as client:
        packed = client.embeddings.create(model="e", input=["prazo de entrega", "prazo da entrega", "bolo"])
        plain = client.embeddings.create(model="e", input="prazo de entrega", encoding_format="float")

    near, far, same = (
        sum(a * b for a, b in zip(packed.data[0].embedding, other, strict=True))
        for other in (packed.data[1].embedding, packed.data[2].embedding, plain.data[0].embedding)
    )
    assert len(plain.data[0].embedding) == EMBEDDING_SIZE
    assert same == pytest.approx(1, abs=1e-6)
    assert near > far
