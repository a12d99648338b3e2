"""Finds runs and their results for callers."""

from app.domain.assistants import Assistant
from app.domain.callers import Caller
from app.domain.errors import NotFoundError
from app.domain.evaluations import CaseResult, EvaluationRun
from app.domain.ids import is_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.evaluation.run_worker import RunBook


class RunFinder:
    """Finds runs and results for those who may see them; raises `NotFoundError`, `ForbiddenError`."""

    def __init__(self, access: Access, book: RunBook) -> None:
        self._access = access
        self._book = book

    def assistant(self, caller: Caller, assistant_id: str) -> Assistant:
        """The assistant, for a caller who may evaluate it."""
        return self._access.assistant(caller, assistant_id, Action.EVALUATE)

    def run(self, caller: Caller, run_id: str, action: Action = Action.EVALUATE) -> tuple[Assistant, EvaluationRun]:
        """A run and its assistant."""
        run = self._book.runs.by_id(run_id) if is_id(run_id) else None
        if run is None:
            raise NotFoundError("run")
        return self._access.assistant(caller, run.assistant_id, action, "run"), run

    def result(self, caller: Caller, result_id: str) -> CaseResult:
        """A result."""
        result = self._book.results.by_id(result_id) if is_id(result_id) else None
        if result is None:
            raise NotFoundError("result")
        self._access.assistant(caller, result.assistant_id, Action.EVALUATE, "result")
        return result
