"""Questions asked of the right assistant, in the way customers' are."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.assistants import Assistant
from app.domain.documents import ScoredChunk
from app.domain.errors import InvalidError
from app.domain.ids import new_id
from app.services.evaluation import Evaluator
from app.services.evaluation.matching import KnownQuestion


def made(name: str, version: int = 0) -> Assistant:
    return Assistant(new_id(), name, new_id(), "key", datetime.now(UTC), knowledge_version=version)


class FakeAssistants:
    """Assistants in memory, newest first in pages of two however many are asked for."""

    def __init__(self, *assistants: Assistant) -> None:
        self._all = sorted(assistants, key=lambda one: one.id, reverse=True)

    def by_id(self, assistant_id: str) -> Assistant | None:
        return next((one for one in self._all if one.id == assistant_id), None)

    def page(self, owner_id: str | None, before: str | None, limit: int) -> list[Assistant]:
        return [one for one in self._all if before is None or one.id < before][: min(limit, 2)]


class FakeRanking:
    """Finds the same in every knowledge; keeps what it was asked."""

    def __init__(self, *texts: str) -> None:
        self._texts = texts
        self.asked: list[tuple[str, int, str, int]] = []

    def scored_chunks(self, assistant_id: str, version: int, question: str, limit: int) -> Sequence[ScoredChunk]:
        self.asked.append((assistant_id, version, question, limit))
        found = (ScoredChunk("d", "a.md", at, "", text, 0.8, 0.5, 0.6, True) for at, text in enumerate(self._texts))
        return list(found)[:limit]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "perguntas.csv"
    file.write_text("question,text\nPrazo?,5 dias\nFrete?,grátis\n")
    return file


LOJA = made("Loja", version=7)
OTHERS = [made("Clínica"), made("loja"), made("Loja "), made("Gêmea"), made("Gêmea")]


@pytest.mark.parametrize("wanted", [LOJA.id, "Loja"], ids=["id", "name"])
def test_an_assistant_is_found_by_its_id_or_its_exact_name(file: Path, wanted: str) -> None:
    ranking = FakeRanking("nada", "5 dias")

    report = Evaluator(FakeAssistants(LOJA, *OTHERS), ranking).evaluate(wanted, file, 5)

    assert ranking.asked == [(LOJA.id, 7, "Prazo?", 10), (LOJA.id, 7, "Frete?", 10)]
    assert [outcome.rank for outcome in report.outcomes] == [2, None]
    assert (report.recall, report.assistant, report.k) == (0.5, LOJA, 5)


def test_an_id_wins_over_a_name(file: Path) -> None:
    impostor = replace(made("x"), name=LOJA.id)

    assert Evaluator(FakeAssistants(impostor, LOJA), FakeRanking()).evaluate(LOJA.id, file, 5).assistant == LOJA


@pytest.mark.parametrize("wanted", ["", "LOJA", "nada", "0123456789abcdef01234567"])
def test_an_assistant_nobody_made_is_an_error(file: Path, wanted: str) -> None:
    with pytest.raises(InvalidError, match="No assistant has the id or the name"):
        Evaluator(FakeAssistants(LOJA, *OTHERS), FakeRanking()).evaluate(wanted, file, 5)


def test_a_name_two_assistants_have_is_an_error_with_their_ids(file: Path) -> None:
    with pytest.raises(InvalidError) as ambiguous:
        Evaluator(FakeAssistants(LOJA, *OTHERS), FakeRanking()).evaluate("Gêmea", file, 5)

    assert all(one.id in ambiguous.value.message for one in OTHERS[-2:])


def test_as_many_candidates_are_asked_for_as_the_depth_wants(file: Path) -> None:
    ranking = FakeRanking()

    Evaluator(FakeAssistants(LOJA), ranking).evaluate("Loja", file, 50)

    assert {limit for *_, limit in ranking.asked} == {50}


def test_who_watches_sees_each_question(file: Path) -> None:
    seen: list[str] = []

    def watch(questions: Sequence[KnownQuestion]) -> Iterable[KnownQuestion]:
        for known in questions:
            seen.append(known.question)
            yield known

    Evaluator(FakeAssistants(LOJA), FakeRanking()).evaluate("Loja", file, 5, watch)

    assert seen == ["Prazo?", "Frete?"]


def test_nothing_is_asked_when_the_file_cannot_be_used(tmp_path: Path) -> None:
    ranking = FakeRanking()

    with pytest.raises(InvalidError):
        Evaluator(FakeAssistants(LOJA), ranking).evaluate("Loja", tmp_path / "nada.csv", 5)

    assert ranking.asked == []
