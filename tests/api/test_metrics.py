"""GET /metrics"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from app.domain.answers import Answer
from app.domain.channels import ChannelKind, ErrorAction, ProviderError
from app.domain.conversations import Tokens
from app.domain.errors import ModelTimeoutError
from app.services.channels.provider import Provider
from app.services.metrics import Meters
from tests.api.channels.conftest import Line, new_channel, until
from tests.api.house import PHONE, UNKNOWN_ID, House, assert_error, open_house
from tests.fakes.database import scratch_database
from tests.fakes.provider import FakeFields, FakeProvider, message

TOKEN = "a token for metrics"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
EXAMPLES = Path(__file__).parents[2] / "examples"
PROVIDER = FakeProvider()
ANSWER = {"method": "POST", "route": "/chats/enviarMensagemLLM"}


@pytest.fixture(scope="module")
def watched(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with metrics."""
    with (
        scratch_database(database_uri) as database,
        open_house(
            database,
            tmp_path_factory.mktemp("watched"),
            metrics_token=TOKEN,
            llm_model="fake",
            allowed_models="gpt-5",
            providers={ChannelKind.TELEGRAM: Provider(PROVIDER, FakeFields())},
        ) as house,
    ):
        house.register("Ada", "ada@example.com")
        yield house


def text(house: House) -> str:
    response = house.anyone().get("/metrics", headers=AUTHORIZED)
    assert response.status_code == 200, response.text
    assert response.mimetype == "text/plain"
    return response.text


def value(house: House, name: str, **labels: str) -> float:
    """The sum of what a metric has under these labels."""
    samples = [one for family in text_string_to_metric_families(text(house)) for one in family.samples]
    return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())


@pytest.mark.parametrize("sent", [None, "Bearer wrong", TOKEN, "Bearer ", "Bearer ação", "Basic x"])
def test_only_with_the_token(sent: str | None, watched: House) -> None:
    refused = watched.anyone().get("/metrics", headers={"Authorization": sent} if sent is not None else {})

    assert_error(refused, 401, "unauthorized")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_off_without_a_token(house: House) -> None:
    assert house.services.metrics.meters is None
    for headers in ({}, AUTHORIZED, {"Authorization": "Bearer None"}, {"Authorization": "Bearer "}):
        assert_error(house.anyone().get("/metrics", headers=headers), 404, "not_found")


def test_requests(watched: House) -> None:
    shop = watched.newcomer("Ana").make_assistant()
    anyone = watched.anyone()
    rule = {"method": "GET", "route": "/assistants/get/<assistant_id>"}
    before = value(watched, "orquestradora_requests_total", **rule, status="4xx")
    anyone.get(f"/assistants/get/{shop['_id']}")
    anyone.request("BREW", "/cafe")
    anyone.get(f"/{UNKNOWN_ID}")

    assert value(watched, "orquestradora_requests_total", **rule, status="4xx") == before + 1
    assert value(watched, "orquestradora_request_seconds_count", **rule) == before + 1
    assert value(watched, "orquestradora_requests_total", method="other", route="other") == 1
    assert value(watched, "orquestradora_errors_total", code="unauthorized") >= 1
    assert value(watched, "orquestradora_errors_total", code="not_found") >= 1
    assert not [one for one in (shop["_id"], UNKNOWN_ID, "cafe", "BREW") if one in text(watched)]


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/event-stream"}])
def test_answers_and_tokens(headers: dict[str, str], watched: House) -> None:
    gateway = watched.gateway(watched.newcomer("Ana").make_assistant()["api_key"])
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Quantos dias?"}
    names = {
        "orquestradora_request_seconds_count": ANSWER,
        "orquestradora_model_seconds_count": {"model": "fake"},
        "orquestradora_tokens_total": {"model": "fake", "direction": "out"},
    }
    before = {name: value(watched, name, **labels) for name, labels in names.items()}
    watched.model.answers.append(Answer("Dois.", Tokens(100, 7), "fake"))
    response = gateway.post("/chats/enviarMensagemLLM", body, headers=headers)
    response.get_data()
    response.close()

    risen = {name: value(watched, name, **labels) - before[name] for name, labels in names.items()}
    assert list(risen.values()) == [1, 1, 7]
    assert PHONE[1:] not in text(watched)


def test_models_that_no_setting_names_are_one(watched: House) -> None:
    gateway = watched.gateway(watched.newcomer("Ana").make_assistant()["api_key"])
    watched.model.answers.append(Answer("Oi.", Tokens(1, 1), "a-new-one"))
    gateway.chat("Oi")

    assert value(watched, "orquestradora_tokens_total", model="other") == 2
    assert "a-new-one" not in text(watched)


def test_failures_by_kind(watched: House) -> None:
    gateway = watched.gateway(watched.newcomer("Ana").make_assistant()["api_key"])
    watched.model.answers.append(ModelTimeoutError("Too late."))
    assert gateway.say("Oi").status_code == 504

    assert value(watched, "orquestradora_model_failures_total", code="model_timeout") == 1
    assert value(watched, "orquestradora_errors_total", code="model_timeout") == 1


def test_queues_documents_and_memory(watched: House) -> None:
    ana = watched.newcomer("Ana")
    shop = ana.make_assistant()
    ana.upload(shop["_id"], "O prazo é de dois dias.")
    ana.upload(shop["_id"], b"no zip", "a.docx")
    watched.gateway(shop["api_key"]).chat("Qual é o prazo?")
    watched.services.metrics.state.refresh()

    assert value(watched, "orquestradora_documents", status="ready") == 1
    assert value(watched, "orquestradora_documents", status="failed") == 1
    assert value(watched, "orquestradora_indexing_queue") == 0
    assert value(watched, "orquestradora_outbox", kind="mail") == 0
    assert value(watched, "orquestradora_index_memory_bytes") > 0
    assert value(watched, "orquestradora_messages_under_way") == 0
    assert value(watched, "process_resident_memory_bytes") > 0
    assert value(watched, "orquestradora_database_read") == 1


def test_what_waits_in_channels_and_what_became_of_attempts(watched: House) -> None:
    ana = watched.newcomer("Ana")
    channel = new_channel(ana, ana.make_assistant()["_id"])
    PROVIDER.faults.append(ProviderError(ErrorAction.PAUSE, "190", "The token is not valid any more."))

    Line(ana, channel).post([message(1, "Oi")])

    attempt = {"kind": "telegram", "outcome": "pause"}
    until(lambda: value(watched, "orquestradora_channel_sends_total", **attempt) == 1)
    watched.services.metrics.state.refresh()
    assert value(watched, "orquestradora_channel_queue", queue="outbox") == 1
    assert value(watched, "orquestradora_channel_queue", queue="inbox") == 0
    assert 0 <= value(watched, "orquestradora_channel_queue_oldest_seconds", queue="outbox") < 300


def test_a_message_under_way_is_seen(watched: House) -> None:
    gateway = watched.gateway(watched.newcomer("Ana").make_assistant()["api_key"])
    seen: list[float] = []

    def look() -> str:
        seen.append(value(watched, "orquestradora_messages_under_way"))
        return "Oi."

    watched.model.answers.append(look)
    gateway.chat("Oi")

    assert seen == [1]


def test_without_the_database_what_it_knows_is_left_out(watched: House, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.services.metrics.state.refresh()
    now = time.monotonic() + 121
    monkeypatch.setattr("app.services.metrics.state.time.monotonic", lambda: now)

    assert value(watched, "orquestradora_database_read") == 0
    assert "orquestradora_documents" not in text(watched)
    assert "orquestradora_requests_total" in text(watched)


def test_the_dashboard_asks_for_metrics_there_are(watched: House) -> None:
    watched.services.metrics.state.refresh()
    gateway = watched.gateway(watched.newcomer("Ana").make_assistant()["api_key"])
    watched.model.answers.append(ModelTimeoutError("Too late."))
    gateway.say("Oi")
    watched.model.answers.append(Answer("Dois.", Tokens(100, 7), "fake"))
    gateway.chat("Oi")
    samples = [one for family in text_string_to_metric_families(text(watched)) for one in family.samples]
    labels = {name for one in samples for name in one.labels}
    dashboard = json.loads((EXAMPLES / "grafana-dashboard.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]

    asked = set(re.findall(r"\b(?:orquestradora|process)_\w+", " ".join(queries)))
    assert asked
    assert asked <= {one.name for one in samples}
    grouped = {
        name.strip() for part in re.findall(r"by \(([^)]+)\)", " ".join(queries)) for name in part.split(",")
    }
    assert grouped <= labels
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


def test_the_documentation_names_the_metrics_there_are(watched: House) -> None:
    watched.services.metrics.state.refresh()
    documented = set(re.findall(r"`(orquestradora_\w+)`", (EXAMPLES.parent / "docs" / "operations.md").read_text()))
    families = {one.name.removesuffix("_total") for one in text_string_to_metric_families(text(watched))}
    assert {name.removesuffix("_total") for name in documented} == {
        name for name in families if name.startswith("orquestradora_")
    }


def test_the_scrape_example_reads_this_route() -> None:
    (job,) = yaml.safe_load((EXAMPLES / "prometheus.yml").read_text())["scrape_configs"]

    assert job["metrics_path"] == "/metrics"
    assert "credentials_file" in job["authorization"]


def test_counting_a_request_costs_next_to_nothing() -> None:
    meters = Meters(CollectorRegistry(), ())
    began = time.thread_time()
    for _ in range(1000):
        meters.request("GET", "/chats/list", 200, 0.01)

    assert (time.thread_time() - began) / 1000 < 200e-6  # a tenth of that on an idle machine
