import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.knowledge.embedding import open_embedder
from app.knowledge.embedding.remote import RemoteEmbedder
from app.net.outgoing_proxies import Proxies
from tests.fakes.openai_replies import EMBEDDING_SIZE, Mode, Reply, embed
from tests.fakes.openai_server import OpenAIServer, unused_url
from tests.fakes.proxy import Proxy

KEY = "sk-secret-0123456789"


@contextmanager
def remote(url: str, timeout: float = 10) -> Iterator[RemoteEmbedder]:
    embedder = RemoteEmbedder("embed-small", url, KEY, timeout)
    try:
        yield embedder
    finally:
        embedder.close()


@contextmanager
def answering(*answers: Any) -> Iterator[str]:
    """The URL of a server that sends these bodies one after the other, the last one for ever."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(left.pop(0) if len(left) > 1 else left[0]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def data(*vectors: Any) -> dict[str, Any]:
    return {"data": [{"index": index, "embedding": vector} for index, vector in enumerate(vectors)]}


def failure(url: str, timeout: float = 10) -> ModelError:
    with remote(url, timeout) as embedder, pytest.raises(ModelError) as raised:
        embedder.embed_query("prazo")
    assert KEY not in raised.value.message
    assert "127.0.0.1" not in raised.value.message
    return raised.value


def test_vectors_come_from_the_server_in_order() -> None:
    with OpenAIServer() as server, remote(server.url) as embedder:
        vectors = embedder.embed_passages(["prazo de entrega", "horário"])
        assert embedder.dimension == EMBEDDING_SIZE
        assert vectors.dtype == np.float32
        assert vectors == pytest.approx(np.array([embed("prazo de entrega"), embed("horário")]), abs=1e-6)
        assert embedder.embed_query("horário") == pytest.approx(vectors[1])


def test_the_request_names_the_model_and_carries_the_key() -> None:
    with OpenAIServer() as server, remote(server.url) as embedder:
        embedder.embed_query("prazo")
        request = server.requests[-1]
    assert (request.path, request.headers["authorization"]) == ("/v1/embeddings", f"Bearer {KEY}")
    assert request.body == {"model": "embed-small", "input": ["prazo"], "encoding_format": "float"}
    assert embedder.model == "embed-small"


def test_the_dimension_is_asked_for_once_and_not_before_it_is_needed() -> None:
    with OpenAIServer() as server, remote(server.url) as embedder:
        assert not server.requests
        assert embedder.dimension == embedder.dimension == EMBEDDING_SIZE
        assert len(server.requests) == 1


def test_requests_are_of_64_texts_at_most() -> None:
    texts = [f"texto {place}" for place in range(130)]
    with OpenAIServer() as server, remote(server.url) as embedder:
        vectors = embedder.embed_passages(texts)
        sizes = [len(request.body["input"]) for request in server.requests]
    assert sizes == [1, 64, 64, 2]
    assert vectors[129] == pytest.approx(np.array(embed("texto 129")), abs=1e-6)


def test_no_passages_are_no_vectors() -> None:
    with OpenAIServer() as server, remote(server.url) as embedder:
        assert embedder.embed_passages([]).shape == (0, EMBEDDING_SIZE)


def test_texts_are_cleaned_cut_and_never_empty() -> None:
    with OpenAIServer() as server, remote(server.url) as embedder:
        embedder.embed_passages(["", " \n", "a\0b\ud800", "x" * 100_000])
        sent = server.requests[-1].body["input"]
    assert sent == ["-", "-", "a b?", "x" * 8000]


def test_vectors_are_sorted_by_index_and_scaled_to_length_one() -> None:
    rows = [{"index": 1, "embedding": [0, 0.0002]}, {"index": 0, "embedding": [3, 4]}]
    with answering(data([1, 0]), {"data": rows}) as url, remote(url) as embedder:
        assert embedder.embed_passages(["a", "b"]) == pytest.approx(np.array([[0.6, 0.8], [0, 1]]))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        None,
        {"data": None},
        {"data": []},
        {"data": [{"index": 0}]},
        {"data": [1]},
        data([]),
        data(["a"]),
        data([1, None]),
        data([float("nan"), 1]),
        data([1, 2], [1, 2]),
        data("AAAA"),
    ],
)
def test_nonsense_is_a_failed_model(answer: Any) -> None:
    with answering(answer) as url:
        assert type(failure(url)) is ModelFailedError


def test_a_dimension_that_changes_is_a_failed_model() -> None:
    with answering(data([1, 0]), data([1, 0, 0])) as url:
        assert type(failure(url)) is ModelFailedError


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        (400, ModelFailedError, "status 400"),
        (401, ModelFailedError, "API key"),
        (403, ModelFailedError, "API key"),
        (404, ModelFailedError, "does not know"),
        (429, ModelUnavailableError, "for now"),
        (500, ModelUnavailableError, "for now"),
        (503, ModelUnavailableError, "for now"),
    ],
)
def test_each_refusal_has_its_error(status: int, expected: type[ModelError], words: str) -> None:
    with OpenAIServer(Reply("error", text=f"no {KEY}", status=status, retry_after="60")) as server:
        error = failure(server.url)
        assert len(server.requests) == 1
    assert type(error) is expected
    assert words in error.message


def test_a_question_may_have_less_time_than_a_document() -> None:
    with OpenAIServer(Reply(delay_seconds=1)) as server:
        embedder = RemoteEmbedder("embed-small", server.url, KEY, 20, question_timeout=0.2)
        with pytest.raises(ModelTimeoutError):
            embedder.embed_query("oi")
        embedder.close()


@pytest.mark.parametrize("mode", ["hang", "drip_body", "drip_headers"])
def test_a_server_that_is_too_slow_in_any_way_is_a_timeout(mode: Mode) -> None:
    with OpenAIServer(Reply(mode)) as server:
        assert type(failure(server.url, timeout=0.3)) is ModelTimeoutError


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("html", ModelFailedError), ("half_json", ModelFailedError), ("cut_off", ModelUnavailableError)],
)
def test_a_broken_answer_has_its_error(mode: Mode, expected: type[ModelError]) -> None:
    with OpenAIServer(Reply(mode)) as server:
        assert type(failure(server.url)) is expected


def test_a_server_that_is_not_there_is_unavailable() -> None:
    assert type(failure(unused_url())) is ModelUnavailableError


def test_a_proxy_is_used_and_a_host_without_one_is_not() -> None:
    with OpenAIServer() as server, Proxy({"embeddings.example": "127.0.0.1"}) as proxy:
        url = server.url.replace("127.0.0.1", "embeddings.example")
        embedder = RemoteEmbedder("embed-small", url, KEY, 10, proxies=Proxies(proxy.url, proxy.url))
        assert embedder.embed_query("prazo").shape == (EMBEDDING_SIZE,)
        embedder.close()

    assert set(proxy.requests) == {f"POST {url}/embeddings HTTP/1.1"}


def test_it_works_again_after_a_failure() -> None:
    with OpenAIServer(Reply()) as server, remote(server.url) as embedder:
        server.script.append(Reply("error"))
        with pytest.raises(ModelUnavailableError):
            embedder.embed_query("prazo")
        assert embedder.embed_query("prazo").shape == (EMBEDDING_SIZE,)


def test_a_name_that_is_no_folder_means_a_server(tmp_path: Path) -> None:
    with OpenAIServer() as server:
        embedder = open_embedder("text-embedding-3-small", server.url, None, tmp_path, 5)
        assert embedder.embed_query("oi").shape == (EMBEDDING_SIZE,)
        assert embedder.model == "text-embedding-3-small"
        assert len(server.requests) > 0
