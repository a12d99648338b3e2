"""Works on runs in the background: asks question after question, and goes on where a process was cut off."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.domain.assistants import Assistant
from app.domain.errors import BudgetExhaustedError, ModelError, UnavailableError
from app.domain.evaluations import (
    CaseResult,
    EvaluationCase,
    EvaluationRun,
    FoundPassage,
    Judgement,
    RunState,
    Verdict,
    figures_of,
)
from app.domain.ids import derived_id, new_id
from app.domain.trials import TrialRequest
from app.services.evaluation.judging import AnswerJudge
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.evaluations import EvaluationCases, EvaluationResults, EvaluationRuns
from app.services.trials import TrialAsking

_log = logging.getLogger(__name__)

# Longer than any answer takes.
_LEASE = timedelta(minutes=12)
_MOST_ATTEMPTS = 20
# So many questions after one another that no model answers end a run.
_MOST_FAILURES = 5


class RunBook:
    """Runs, their results, and the questions they are of."""

    def __init__(self, runs: EvaluationRuns, results: EvaluationResults, cases: EvaluationCases) -> None:
        self.runs = runs
        self.results = results
        self.cases = cases

    def by_case(self, run_id: str | None) -> dict[str, CaseResult]:
        """The results of a run by case; none without a run."""
        return {one.case_id: one for one in self.results.of_run(run_id)} if run_id else {}

    def verdicts(self, run_id: str | None) -> dict[str, Verdict]:
        """The verdicts of a run by case; none without a run."""
        return {case_id: one.judgement.verdict for case_id, one in self.by_case(run_id).items()}

    def delete(self, run_id: str) -> bool:
        """Delete a run with its results; False if there is none."""
        self.results.delete_of_run(run_id)
        return self.runs.delete(run_id)


class RunWorker:
    """Does what is left of a run; one process at a time works on it."""

    def __init__(
        self, book: RunBook, assistants: Assistants, asking: TrialAsking, judge: AnswerJudge, clock: Clock
    ) -> None:
        self._book = book
        self._assistants = assistants
        self._asking = asking
        self._judge = judge
        self._clock = clock
        self._worker = new_id()

    def run(self, run_id: str, stopping: Callable[[], bool]) -> None:
        """Ask the questions that have no answer yet; nothing if the run has ended or another process has it."""
        now = self._clock()
        run = self._book.runs.claim(run_id, self._worker, now, now + _LEASE)
        if run is None:
            return
        assistant = self._assistants.by_id(run.assistant_id)
        if assistant is None or run.attempts > _MOST_ATTEMPTS:
            self._end(run, RunState.FAILED, "internal_error" if assistant else "not_found")
            return
        try:
            state, error = self._ask_all(run, assistant, stopping)
        except UnavailableError as problem:
            _log.warning("The evaluation %s waits: %s", run.id, problem.message)
            self._book.runs.release(run.id, self._worker)
            return
        if state is not None:
            self._end(run, state, error)

    def _ask_all(
        self, run: EvaluationRun, assistant: Assistant, stopping: Callable[[], bool]
    ) -> tuple[RunState | None, str | None]:
        """How the run ends, and the code of what made it fail; None if it does not end here."""
        earlier, results = self._book.by_case(run.compared_with), self._book.by_case(run.id)
        before = {case_id: one.judgement.verdict for case_id, one in earlier.items()}
        cases, failures = self._book.cases.of_assistant(assistant.id), 0
        total = len({case.id for case in cases} | results.keys())
        for number, case in enumerate(cases, 1):
            if case.id in results:
                continue
            if stopping():
                self._book.runs.release(run.id, self._worker)
                return None, None
            if not self._renew(run, total, results, before):
                return None, None
            try:
                result = _as_judged(self._ask(run, assistant, case, number), earlier.get(case.id))
            except BudgetExhaustedError as error:
                return RunState.FAILED, error.code
            results[case.id] = result
            self._book.results.put(result)
            failures = failures + 1 if result.error else 0
            if failures == _MOST_FAILURES:
                self._renew(run, total, results, before)
                return RunState.FAILED, result.error
        return (RunState.DONE, None) if self._renew(run, total, results, before) else (None, None)

    def _renew(
        self, run: EvaluationRun, total: int, results: dict[str, CaseResult], before: dict[str, Verdict]
    ) -> bool:
        """Whether the run is still ours; what was answered meanwhile for one that is deleted goes, too."""
        figures = figures_of(results.values(), before)
        is_ours = self._book.runs.renew(run.id, self._worker, self._clock() + _LEASE, total, figures)
        if not is_ours and self._book.runs.by_id(run.id) is None:
            self._book.results.delete_of_run(run.id)
        return is_ours

    def _ask(self, run: EvaluationRun, assistant: Assistant, case: EvaluationCase, number: int) -> CaseResult:
        tried = run.candidate
        request = TrialRequest(case.question, (), run.prompt, tried.model, tried.temperature)
        result = CaseResult(
            id=derived_id(run.id, case.id),
            run_id=run.id,
            assistant_id=assistant.id,
            case_id=case.id,
            number=number,
            question=case.question,
            expected=case.expected,
            files=case.files,
            judgement=Judgement(Verdict.FAILED),
        )
        try:
            trial = self._asking.ask(assistant, request)
        except ModelError as error:
            return replace(result, error=error.code)
        answer, passages = trial.answer, trial.question.passages
        return replace(
            result,
            judgement=self._judge.judge(case.expected, case.files, trial),
            answer=answer.text,
            handover_reason=answer.handover_reason,
            passages=tuple(FoundPassage(p.document_id, p.filename, p.position, p.score) for p in passages),
            model=answer.model,
            tokens=answer.tokens,
            cost=trial.cost,
            seconds=trial.seconds,
        )

    def _end(self, run: EvaluationRun, state: RunState, error: str | None) -> None:
        self._book.runs.end(run.id, state, self._clock(), error)


def _as_judged(result: CaseResult, earlier: CaseResult | None) -> CaseResult:
    """With the verdict of a person, if one was given to the same answer to the same case in the run before."""
    if earlier is None or not earlier.by_person or not result.answer:
        return result
    said = (result.answer, result.question, result.expected)
    if said != (earlier.answer, earlier.question, earlier.expected):
        return result
    return replace(result, judgement=earlier.judgement, by_person=True)
