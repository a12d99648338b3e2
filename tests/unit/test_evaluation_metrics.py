"""Measures of rankings, matching, and the report."""

import json
from datetime import UTC, datetime

import pytest

from app.domain.assistants import Assistant
from app.domain.documents import ScoredChunk
from app.services.evaluation import Report
from app.services.evaluation.matching import KnownQuestion, Outcome, answers, judge
from app.services.evaluation.metrics import mrr_at, recall_at


def candidate(text: str, filename: str = "loja.md", *, heading: str = "", position: int = 0) -> ScoredChunk:
    return ScoredChunk("d1", filename, position, heading, text, 0.8, 0.5, 0.6125, used=True)


@pytest.mark.parametrize(("k", "expected"), [(1, 0.25), (3, 0.5), (5, 0.75), (10, 0.75)])
def test_recall_is_the_share_of_questions_with_a_hit_among_the_first(k: int, expected: float) -> None:
    assert recall_at(k, [1, 3, 5, None]) == expected


def test_the_reciprocal_rank_counts_up_to_its_depth() -> None:
    assert mrr_at(10, [1, 4, 11, None]) == (1 + 1 / 4) / 4


def test_nothing_asked_is_nothing_found() -> None:
    assert (recall_at(5, []), mrr_at(10, [])) == (0, 0)


@pytest.mark.parametrize(
    "expected",
    ["5 dias úteis", "5 DIAS UTEIS", "5 dias, úteis!", " 5\n dias  úteis ", "uteis", "5 dias u\u0301teis"],
)
def test_a_text_is_found_whatever_its_case_accents_space_and_punctuation(expected: str) -> None:
    assert answers(candidate("O prazo é de **5 dias úteis**."), KnownQuestion(2, "?", expected))


@pytest.mark.parametrize("expected", ["5 dia", "15 dias úteis", "dias 5", "trocas"])
def test_a_text_is_found_as_whole_words_in_order(expected: str) -> None:
    assert not answers(candidate("O prazo é de 5 dias úteis."), KnownQuestion(2, "?", expected))


def test_a_text_may_stand_in_the_heading() -> None:
    assert answers(candidate("5 dias.", heading="Entrega > Prazo"), KnownQuestion(2, "?", "entrega prazo"))


@pytest.mark.parametrize(
    ("files", "text", "hit"),
    [
        (("loja.md",), "", True),
        (("outra.md", "LOJA.md"), "", True),
        (("outra.md",), "", False),
        (("loja.md",), "5 dias", True),
        (("loja.md",), "7 dias", False),
        (("outra.md",), "5 dias", False),
    ],
)
def test_file_and_text_have_to_fit_where_both_are_given(files: tuple[str, ...], text: str, hit: bool) -> None:
    assert answers(candidate("5 dias"), KnownQuestion(2, "?", text, files)) is hit


def test_accents_in_file_names_may_be_composed_or_not() -> None:
    assert answers(candidate("x", "Preço.pdf"), KnownQuestion(2, "?", "", ("prec\u0327o.pdf",)))


def test_the_rank_is_that_of_the_first_hit() -> None:
    known = KnownQuestion(2, "?", "5 dias")

    assert judge(known, [candidate("a"), candidate("5 dias"), candidate("5 dias")]).rank == 2
    assert judge(known, [candidate("a")]).rank is None
    assert judge(known, []).rank is None


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
