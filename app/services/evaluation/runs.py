"""Starts, shows, stops and publishes what runs of an assistant's question set tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.errors import ConflictError, InvalidError, NotFoundError
from app.domain.evaluations import (
    MOST_RUNS,
    Candidate,
    CaseChange,
    CaseResult,
    EvaluationRun,
    Judgement,
    RunState,
    Verdict,
    change_of,
    figures_of,
)
from app.domain.ids import is_id, new_id
from app.services.audit import AuditLog
from app.services.evaluation.run_finder import RunFinder
from app.services.evaluation.run_jobs import EvaluationJobs
from app.services.evaluation.run_worker import RunBook
from app.services.ports import Clock
from app.services.prompts import PromptService, author_of
from app.services.settings_rules import SettingsRules


@dataclass(frozen=True, slots=True)
class NewRun:
    """What to try; `version_id`: the text of this version of the prompt."""

    candidate: Candidate = Candidate()  # noqa: RUF009 - frozen
    version_id: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ComparedResult:
    """A result, and that of the same question in another run (None: there is none)."""

    result: CaseResult
    before: CaseResult | None

    @property
    def change(self) -> CaseChange:
        """What became of the question."""
        return change_of(self.result.judgement.verdict, self.before.judgement.verdict if self.before else None)


class RunService:
    """What people do with runs; each method raises what `RunFinder` raises."""

    def __init__(
        self,
        finder: RunFinder,
        book: RunBook,
        jobs: EvaluationJobs,
        prompts: PromptService,
        rules: SettingsRules,
        *,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._finder = finder
        self._book = book
        self._jobs = jobs
        self._prompts = prompts
        self._rules = rules
        self._audit = audit
        self._clock = clock

    def start(self, caller: Caller, assistant_id: str, new: NewRun) -> EvaluationRun:
        """Begin a run in the background.

        Raises `ConflictError` `run_under_way` or `no_cases`, and `InvalidError` naming a `model` that may not be
        chosen or a `prompt_version` that there is not.
        """
        assistant = self._finder.assistant(caller, assistant_id)
        self._rules.check_model(new.candidate.model)
        candidate = replace(new.candidate, prompt=self._tried_prompt(caller, assistant, new))
        total = self._book.cases.count(assistant.id)
        if not total:
            raise ConflictError("The question set is empty.", code="no_cases")
        latest = next(iter(self._book.runs.done(assistant.id, None, 1)), None)
        run = EvaluationRun(
            id=new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            created_at=self._clock(),
            author=author_of(caller),
            candidate=candidate,
            prompt=assistant.prompt if candidate.prompt is None else candidate.prompt,
            note=new.note,
            total=total,
            compared_with=latest.id if latest else None,
        )
        target = Target("evaluation", run.id, run.note or None)
        with self._audit.change(caller, AuditAction.EVALUATION_RUN, target, Place.of(assistant)):
            if not self._book.runs.add(run):
                raise ConflictError("A run of this question set is under way.", code="run_under_way")
        for old in self._book.runs.older_than_newest(assistant.id, MOST_RUNS):
            self._book.delete(old)
        self._jobs.submit(run)
        return run

    def get(self, caller: Caller, run_id: str) -> EvaluationRun:
        """One run."""
        return self._finder.run(caller, run_id)[1]

    def page(self, caller: Caller, assistant_id: str, before: str | None, limit: int) -> list[EvaluationRun]:
        """An assistant's runs, newest first."""
        assistant = self._finder.assistant(caller, assistant_id)
        return self._book.runs.page(assistant.id, before, limit)

    def results(self, caller: Caller, run_id: str, against: str | None) -> list[ComparedResult]:
        """The results of a run in the order of their questions, compared with another run's.

        `against` None: the run that was the last to be done when this one began. Raises `InvalidError`.
        """
        _, run = self._finder.run(caller, run_id)
        before = self._before(run, against)
        return [ComparedResult(one, before.get(one.case_id)) for one in self._book.results.of_run(run.id)]

    def judge(self, caller: Caller, result_id: str, verdict: Verdict) -> ComparedResult:
        """Say whether an answer is right, whatever its words."""
        result = self._finder.result(caller, result_id)
        judged = replace(result, judgement=Judgement(verdict), by_person=True)
        self._book.results.put(judged)
        run = self.get(caller, result.run_id)
        before = self._before(run, None)
        verdicts = {case_id: one.judgement.verdict for case_id, one in before.items()}
        self._book.runs.set_figures(run.id, figures_of(self._book.results.of_run(run.id), verdicts))
        return ComparedResult(judged, before.get(judged.case_id))

    def cancel(self, caller: Caller, run_id: str) -> EvaluationRun:
        """Stop a run after the question that is being asked; one that has ended stays as it is."""
        assistant, run = self._finder.run(caller, run_id)
        target = Target("evaluation", run.id, run.note or None)
        with self._audit.change(caller, AuditAction.EVALUATION_CANCEL, target, Place.of(assistant)):
            self._book.runs.end(run.id, RunState.CANCELLED, self._clock())
        return self.get(caller, run.id)

    def delete(self, caller: Caller, run_id: str) -> None:
        """Delete a run; one that is under way is cancelled."""
        assistant, run = self._finder.run(caller, run_id)
        target = Target("evaluation", run.id, run.note or None)
        with self._audit.change(caller, AuditAction.EVALUATION_DELETE, target, Place.of(assistant)):
            if not self._book.delete(run.id):
                raise NotFoundError("run")

    def _tried_prompt(self, caller: Caller, assistant: Assistant, new: NewRun) -> str | None:
        if new.version_id is None:
            return new.candidate.prompt
        try:
            version = self._prompts.version(caller, new.version_id)
        except NotFoundError:
            version = None
        if version is None or version.assistant_id != assistant.id or version.text is None:
            problem = {"prompt_version": ["There is no such version of this assistant with a text."]}
            raise InvalidError("The prompt cannot be tried.", problem)
        return version.text

    def _before(self, run: EvaluationRun, against: str | None) -> Mapping[str, CaseResult]:
        """What a run is compared with, by case."""
        other = run.compared_with
        if against is not None:
            found = self._book.runs.by_id(against) if is_id(against) else None
            if found is None or found.assistant_id != run.assistant_id:
                problem = {"against": ["There is no such run of this assistant."]}
                raise InvalidError("The runs cannot be compared.", problem)
            other = found.id
        results: Sequence[CaseResult] = self._book.results.of_run(other) if other else ()
        return {one.case_id: one for one in results}
