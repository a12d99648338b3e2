"""The figures of an evaluation, for people and programs."""

import json
from datetime import UTC, datetime

import pytest

from app.domain.assistants import Assistant
from app.domain.documents import ScoredChunk
from app.services.evaluation import Report
from app.services.evaluation.matching import KnownQuestion, Outcome, judge


def candidate(text: str, filename: str = "loja.md", *, heading: str = "", position: int = 0) -> ScoredChunk:
    return ScoredChunk("d1", filename, position, heading, text, 0.8, 0.5, 0.6125, used=True)


@pytest.fixture
def report() -> Report:
    assistant = Assistant("a" * 24, "Loja", "b" * 24, "key", datetime.now(UTC))
    late = [candidate("Trocas em até 30 dias. " * 9, "trocas.md", position=3), candidate("5 dias")]
    outcomes = [
        judge(KnownQuestion(2, "Prazo?", "5 dias"), [candidate("5 dias")]),
        judge(KnownQuestion(3, "Entrega?", "5 dias", ("loja.md", "site.md")), late),
        Outcome(KnownQuestion(4, "Frete?", "", ("frete.md",)), (), None),
        judge(KnownQuestion(5, "Quando?", "5 dias"), [candidate("5 dias")]),
    ]
    return Report(assistant, outcomes, 1)


def test_a_report_tells_figures_and_what_was_found_instead(report: Report) -> None:
    assert report.as_text().splitlines() == [
        "recall@1   0.500",
        "recall@3   0.750",
        "recall@5   0.750",
        "recall@10  0.750",
        "MRR@10     0.625",
        "questions  4",
        "",
        "Not among the first 1:",
        "line 3: Entrega?",
        '    expected "5 dias" in loja.md or site.md',
        '    found trocas.md, chunk 3 (0.613): "' + ("Trocas em até 30 dias. " * 9)[:99] + '…"',
        "    the answer came as number 2",
        "line 4: Frete?",
        "    expected in frete.md",
        "    found nothing",
    ]


def test_a_report_for_programs_is_one_json_object(report: Report) -> None:
    read = json.loads(json.dumps(report.as_dict()))

    assert (read["questions"], read["recall@1"], read["MRR@10"], read["k"]) == (4, 0.5, 0.625, 1)
    assert [miss["line"] for miss in read["misses"]] == [3, 4]
    assert read["misses"][0]["found"][0]["filename"] == "trocas.md"
    assert read["misses"][1] == {
        "line": 4,
        "question": "Frete?",
        "expected_text": None,
        "expected_files": ["frete.md"],
        "rank": None,
        "found": [],
    }


def test_a_depth_of_ones_own_has_a_figure(report: Report) -> None:
    deeper = Report(report.assistant, report.outcomes, 7)

    assert deeper.recall == 0.75
    assert list(deeper.as_dict())[3:8] == ["recall@1", "recall@3", "recall@5", "recall@7", "recall@10"]


def test_a_report_without_misses_says_nothing_of_them(report: Report) -> None:
    assert "Not among" not in Report(report.assistant, report.outcomes[:1], 1).as_text()
