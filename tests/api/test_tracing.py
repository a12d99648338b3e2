"""Traces: what a collector gets of requests"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pymongo import MongoClient

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.domain.errors import ModelTimeoutError
from app.domain.ids import new_id
from app.domain.rows import Row
from app.settings import load_settings
from app.wiring.tracing import tracing_of
from tests.api.house import PHONE, House, open_house
from tests.fakes.collector import Collector

ANSWER = "POST /chats/enviarMensagemLLM"
SECRET_TEXT = "meu CPF é 111.222.333-44"
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        yield collector


def open_traced(stack: ExitStack, endpoint: str, database_uri: str, folder: Path) -> House:
    """A service whose traces go to this collector."""
    engine = tracing_of(load_settings(None, otel_exporter_otlp_endpoint=endpoint), stack)
    client: MongoClient[Row] = MongoClient(database_uri, tz_aware=True, event_listeners=list(engine.listeners))
    stack.callback(client.close)
    name = f"test_{new_id()}"
    stack.callback(client.drop_database, name)
    house = stack.enter_context(open_house(client[name], folder, tracing=engine))
    house.register("Ada", "ada@example.com")
    return house


def attributes(span: Span) -> dict[str, str | int]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/event-stream"}])
def test_a_message_is_a_trace(
    headers: dict[str, str], collector: Collector, database_uri: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        house = open_traced(stack, collector.endpoint, database_uri, tmp_path)
        ana = house.newcomer("Ana")
        shop = ana.make_assistant()
        ana.upload(shop["_id"], "O prazo é de dois dias.")
        house.model.answers.append(Answer("Dois dias.", Tokens(100, 7), "fake"))
        body = {"id": PHONE, "message_service": "Whatsapp", "username": "Maria Silva", "message": SECRET_TEXT}
        response = house.gateway(shop["api_key"]).post("/chats/enviarMensagemLLM", body, headers=headers)
        response.get_data()
        response.close()
        ana.put(f"/chats/desativar/{PHONE}?assistant_id={shop['_id']}")

    spans = collector.spans(ANSWER)
    (request,) = [one for one in spans if one.name == ANSWER]
    steps = [one for one in spans if one.trace_id == request.trace_id and one is not request]
    by_name = {one.name: one for one in steps}
    assert attributes(request)["http.response.status_code"] == 200
    assert attributes(request)["http.route"] == "/chats/enviarMensagemLLM"
    assert attributes(request)["orquestradora.request_id"] == response.headers["X-Request-ID"]
    assert by_name["retrieval"].parent_span_id == by_name["model"].parent_span_id == request.span_id
    assert attributes(by_name["model"])["gen_ai.usage.output_tokens"] == 7
    assert attributes(by_name["insert chats"])["db.system.name"] == "mongodb"
    ids = {one.span_id for one in (request, *steps)}
    assert {one.parent_span_id for one in steps} <= ids
    assert all(one.end_time_unix_nano >= one.start_time_unix_nano > 0 for one in spans)
    assert collector.paths == {"/v1/traces application/x-protobuf"}
    sent = b"".join(collector.bodies)
    secrets = (SECRET_TEXT, "CPF", PHONE, PHONE[1:], "Maria", "Dois dias", "ana-", shop["api_key"])
    assert not [one for one in secrets if one.encode() in sent]
    assert b"/chats/desativar/<path:chat_or_channel_id>" in sent


def test_what_failed_says_so_without_its_message(collector: Collector, database_uri: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        house = open_traced(stack, collector.endpoint, database_uri, tmp_path)
        shop = house.newcomer("Ana").make_assistant()
        house.model.answers.append(ModelTimeoutError(SECRET_TEXT))
        assert house.gateway(shop["api_key"]).say("Oi").status_code == 504
        house.anyone().request("BREW", "/cafe/secreto")

    spans = collector.spans("HTTP other")
    failed = {one.name: attributes(one).get("error.type") for one in spans if one.status.code == 2}
    assert failed == {"model": "model_timeout", ANSWER: "504"}
    assert b"CPF" not in b"".join(collector.bodies)
    assert b"secreto" not in b"".join(collector.bodies)


def test_the_background_has_no_traces(collector: Collector, database_uri: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        house = open_traced(stack, collector.endpoint, database_uri, tmp_path)
        house.sweep()
        house.anyone().get("/health")

    roots = {one.name for one in collector.spans("GET /health") if not one.parent_span_id}
    assert roots <= {"GET /health", "POST /auth/register"}


def test_a_collector_that_is_gone_slows_nothing(database_uri: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        house = open_traced(stack, "http://127.0.0.1:9", database_uri, tmp_path)
        began = time.monotonic()
        for _ in range(200):
            house.anyone().get("/health")
        assert time.monotonic() - began < 20
        closing = time.monotonic()
    assert time.monotonic() - closing < 20


def test_without_the_setting_nothing_of_it_is_imported() -> None:
    """Only what redis-py, which Huey imports, takes for its own metrics where it is installed."""
    code = (
        "import sys; from contextlib import ExitStack; import main, app.wiring.services, app.llm.openai_model; "
        "from app.settings import load_settings; from app.wiring.tracing import tracing_of; "
        "assert tracing_of(load_settings(None), ExitStack()).tracing is None; "
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)

    tracing = ("app.tracing", "opentelemetry.sdk.trace", "opentelemetry.exporter", "google.protobuf")
    imported = done.stdout.split()
    assert "app.wiring.tracing" in imported
    assert [name for name in imported if name.startswith(tracing)] == []
