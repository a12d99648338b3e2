"""The benchmark itself: its table, its texts, its clients, and one tiny run of the real thing."""

import json
from itertools import islice
from pathlib import Path

import pytest

from bench.children import bare_server, stub_model
from bench.corpus import passages, questions
from bench.customers import Customers
from bench.installation import make_assistant, running
from bench.measuring import Measurement, Target, measure, summary
from bench.messages import Contest, compare
from bench.table import Row, Section, at_least, at_most, render, write


def test_a_limit_is_met_up_to_itself() -> None:
    assert at_most("x", 4.0, 4).met is True
    assert at_most("x", 4.01, 4).met is False
    assert at_least("x", 95.0, 95, "%") == Row("x", "95.0 %", "≥ 95.0 %", True)
    assert at_least("x", 94.9, 95, "%").met is False


def test_the_table_shows_every_line_in_columns() -> None:
    sections = [Section("Start", [at_most("seconds", 6.0, 5, "s"), Row("memory", "200 MB")])]
    head, _, title, seconds, memory = render(sections).splitlines()
    assert title == "Start"
    assert head.index("target") == seconds.index("≤ 5.00 s")
    assert seconds.endswith("NO")
    assert memory == "  memory   200 MB"


def test_results_say_what_they_were_measured_on_but_not_where(tmp_path: Path) -> None:
    write([Section("Start", [Row("memory", "200 MB")], {"mb": 200.4})], tmp_path / "results.json")
    results = json.loads((tmp_path / "results.json").read_text())
    assert set(results["machine"]) == {"cores", "architecture", "vnni", "python"}
    assert results["sections"][0]["figures"] == {"mb": 200.4}
    assert results["sections"][0]["rows"][0]["what"] == "memory"


@pytest.mark.parametrize("collected", [True, False])
def test_texts_are_there_with_and_without_collections(tmp_path: Path, collected: bool) -> None:
    if collected:
        (tmp_path / "set").mkdir()
        sentences = " ".join(f"Esta é a frase {number} do regulamento." for number in range(100))
        (tmp_path / "set" / "corpus.jsonl").write_text(json.dumps({"text": sentences}))
        asked = (json.dumps({"text": f"Qual é a frase {number}?"}) for number in range(300))
        (tmp_path / "set" / "queries.jsonl").write_text("\n".join(asked))
    texts = list(islice(passages(tmp_path), 4))
    assert all(720 <= len(text) <= 920 for text in texts)
    assert ("regulamento" in texts[0]) is collected
    assert len(set(islice(questions(tmp_path), 1000))) == 1000


def test_no_customer_asks_twice_and_no_number_returns() -> None:
    customers = Customers()
    bodies = [json.loads(body) for one in customers.conversations(200) for body in one]
    later = [json.loads(body) for one in customers.conversations(200) for body in one]
    assert len({body["message"] for body in bodies + later}) == 400
    assert len({body["id"] for body in bodies}) == 50
    assert not {body["id"] for body in bodies} & {body["id"] for body in later}


def test_a_summary_takes_percentiles_of_all_and_medians_of_the_rest() -> None:
    taken = [
        Measurement([0.001 * n for n in range(1, 51)], 10, 1, 2, 3),
        Measurement([0.001 * n for n in range(51, 101)], 30, 3, 4, 5),
        Measurement([], 20, 2, 3, 4),
    ]
    found = summary(taken)
    assert found["p50_ms"] == pytest.approx(50.5)
    assert found["p99_ms"] == pytest.approx(99.01)
    assert (found["messages_per_second"], found["cpu_ms_per_message"]) == (20, 2)
    assert found["database_cpu_ms_per_message"] == 3


def test_clients_measure_the_bare_route() -> None:
    with stub_model(0.02) as model_url, bare_server(model_url, 4) as (process, port):
        found = measure(Target(process, port), 4, 0.5, 0.1, Customers().conversations(100))
    assert min(found.latencies) >= 0.02
    assert 0 < found.per_second <= 4 / 0.02
    assert found.cpu_ms > 0
    assert found.database_cpu_ms == 0


def test_a_refused_message_spoils_the_measurement() -> None:
    with bare_server("http://127.0.0.1:1/v1", 1) as (process, port), pytest.raises(RuntimeError, match="refused"):
        measure(Target(process, port), 1, 0.2, 0, Customers().conversations(8))


@pytest.mark.stress
def test_the_service_is_compared_with_the_bare_route(tmp_path: Path, bundled_models: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(bundled_models)
    with (
        stub_model(0) as model_url,
        running(tmp_path, model_url, 4) as ours,
        bare_server(model_url, 4) as (process, port),
    ):
        api_key = make_assistant(ours.service, documents=2)["api_key"]
        contest = Contest(Target(ours.process, ours.port, api_key, ours.database), Target(process, port))
        found = compare(contest, Customers(), 2, (0.5, 0.1, 1))
    assert found.clients == 2
    assert found.service["cpu_ms_per_message"] > found.bare["cpu_ms_per_message"] > 0
    assert found.service["database_cpu_ms_per_message"] > 0
    assert not any(child.is_running() for child in (ours.process, ours.database, process))
