"""Runs known questions through an assistant's retrieval."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from app.domain.assistants import Assistant
from app.domain.documents import ScoredChunk
from app.domain.errors import InvalidError
from app.domain.ids import is_id
from app.services.evaluation.matching import KnownQuestion, Outcome, judge
from app.services.evaluation.question_file import read_questions
from app.services.evaluation.report import DEPTHS, Report

_PAGE = 500

Track = Callable[[Sequence[KnownQuestion]], Iterable[KnownQuestion]]
"""Yields the questions one by one, and may show a progress bar."""


class Ranking(Protocol):
    """Ranks chunks as the search for an answer does, best first, `limit` at most."""

    def scored_chunks(
        self, assistant_id: str, version: int, question: str, limit: int
    ) -> Sequence[ScoredChunk]: ...


class AllAssistants(Protocol):
    def by_id(self, assistant_id: str) -> Assistant | None: ...
    def page(self, owner_id: str | None, before: str | None, limit: int) -> list[Assistant]: ...


class Evaluator:
    """Evaluates any assistant; for the command line, which has no caller whose rights could be checked."""

    def __init__(self, assistants: AllAssistants, ranking: Ranking) -> None:
        self._assistants = assistants
        self._ranking = ranking

    def evaluate(self, wanted: str, file: Path, k: int, track: Track = iter) -> Report:
        """Ask the questions in a file of the assistant with the id, or exactly the name, `wanted`.

        A question is missed when none of the first `k` candidates answers it. Raises `InvalidError` where
        there is no such assistant, or more than one, and where the file cannot be used.
        """
        questions, assistant = read_questions(file), self._assistant(wanted)
        depth = max(k, *DEPTHS)
        return Report(assistant, [self._ask(assistant, known, depth) for known in track(questions)], k)

    def _ask(self, assistant: Assistant, known: KnownQuestion, depth: int) -> Outcome:
        version = assistant.knowledge_version
        return judge(known, self._ranking.scored_chunks(assistant.id, version, known.question, depth))

    def _assistant(self, wanted: str) -> Assistant:
        by_id = self._assistants.by_id(wanted) if is_id(wanted) else None
        named = [by_id] if by_id else [one for one in self._all() if one.name == wanted]
        if not named:
            raise InvalidError(f'No assistant has the id or the name "{wanted}".')
        if len(named) > 1:
            ids = ", ".join(one.id for one in named[:10])
            raise InvalidError(f'{len(named)} assistants are named "{wanted}"; give the id of one: {ids}.')
        return named[0]

    def _all(self) -> Iterator[Assistant]:
        page = self._assistants.page(None, None, _PAGE)
        while page:
            yield from page
            page = self._assistants.page(None, page[-1].id, _PAGE)
