"""The figures of an evaluation and the questions it missed, as text and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.assistants import Assistant
from app.domain.documents import ScoredChunk
from app.services.evaluation.matching import Outcome
from app.services.evaluation.metrics import mrr_at, recall_at

DEPTHS = (1, 3, 5, 10)
_MRR_DEPTH = 10
_START_OF_TEXT = 100
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an evaluation; a question is missed when none of its first `k` chunks answers it."""

    assistant: Assistant
    outcomes: Sequence[Outcome]
    k: int

    @property
    def recall(self) -> float:
        """recall@k, 0 to 1."""
        return recall_at(self.k, self._ranks)

    @property
    def missed(self) -> list[Outcome]:
        """The missed questions, in the order of the file."""
        return [one for one in self.outcomes if one.rank is None or one.rank > self.k]

    def as_text(self) -> str:
        """The figures, then each missed question with what was found instead."""
        figures = [*((name, f"{value:.3f}") for name, value in self._figures()), ("questions", len(self.outcomes))]
        lines = [f"{name:<10} {value}" for name, value in figures]
        if self.missed:
            lines += ["", f"Not among the first {self.k}:"]
            lines += [line for one in self.missed for line in _miss_as_lines(one)]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON-serializable values, with the three best chunks of each missed question."""
        return {
            "assistant_id": self.assistant.id,
            "assistant": self.assistant.name,
            "questions": len(self.outcomes),
            **dict(self._figures()),
            "k": self.k,
            "misses": [_miss_as_dict(one) for one in self.missed],
        }

    @property
    def _ranks(self) -> list[int | None]:
        return [one.rank for one in self.outcomes]

    def _figures(self) -> Iterator[tuple[str, float]]:
        for depth in sorted({*DEPTHS, self.k}):
            yield f"recall@{depth}", recall_at(depth, self._ranks)
        yield f"MRR@{_MRR_DEPTH}", mrr_at(_MRR_DEPTH, self._ranks)


def _miss_as_lines(missed: Outcome) -> Iterator[str]:
    known = missed.known
    wanted = [f'"{_start(known.text)}"'] if known.text else []
    wanted += [f"in {' or '.join(known.files)}"] if known.files else []
    yield f"line {known.line}: {_start(known.question)}"
    yield f"    expected {' '.join(wanted)}"
    if not missed.found:
        yield "    found nothing"
        return
    best = missed.found[0]
    yield f'    found {best.filename}, chunk {best.position} ({best.score:.3f}): "{_start(best.text)}"'
    if missed.rank is not None:
        yield f"    the answer came as number {missed.rank}"


def _miss_as_dict(missed: Outcome) -> dict[str, Any]:
    return {
        "line": missed.known.line,
        "question": missed.known.question,
        "expected_text": missed.known.text or None,
        "expected_files": list(missed.known.files),
        "rank": missed.rank,
        "found": [_candidate_as_dict(one) for one in missed.found[:_SHOWN]],
    }


def _candidate_as_dict(candidate: ScoredChunk) -> dict[str, Any]:
    return {
        "document_id": candidate.document_id,
        "filename": candidate.filename,
        "position": candidate.position,
        "text": _start(candidate.text),
        "score": candidate.score,
        "used": candidate.used,
    }


def _start(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _START_OF_TEXT else line[: _START_OF_TEXT - 1] + "…"
