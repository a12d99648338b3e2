"""Makes the prompt that a run tried the assistant's."""

from collections.abc import Iterator

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.errors import ConflictError
from app.domain.evaluations import MOST_RUNS, CaseChange, EvaluationRun, RunState, change_of
from app.domain.permissions import Action
from app.domain.prompts import Authorship
from app.services.audit import AuditLog
from app.services.evaluation.run_finder import RunFinder
from app.services.evaluation.run_worker import RunBook
from app.services.prompts import PromptService, author_of
from app.services.prompts.writer import ChangedPrompt


class PromptPublishing:
    """Publishes prompts, unless an answer became worse and nobody who may insists."""

    def __init__(self, finder: RunFinder, book: RunBook, prompts: PromptService, audit: AuditLog) -> None:
        self._finder = finder
        self._book = book
        self._prompts = prompts
        self._audit = audit

    def publish(self, caller: Caller, run_id: str, *, insist: bool, note: str) -> ChangedPrompt:
        """Make the prompt that a run tried the assistant's, if nothing that was right has become wrong.

        Raises what `RunFinder` raises, `ConflictError` `run_not_done` or `no_prompt`, and unless somebody who may
        insists `no_baseline` or `became_worse`.
        """
        action = Action.OVERRULE_EVALUATION if insist else Action.EVALUATE
        assistant, run = self._finder.run(caller, run_id, action)
        _check_publishable(run)
        if not insist:
            self._check_not_worse(assistant, run)
        authorship = Authorship(author_of(caller), note or run.note, run_id=run.id)
        target, after = Target("evaluation", run.id, run.note or None), {"insisted": insist}
        with self._audit.change(caller, AuditAction.EVALUATION_PUBLISH, target, Place.of(assistant), after=after):
            changed = self._prompts.publish(caller, assistant, run.prompt or "", authorship)
            self._book.runs.published(run.id, changed.version.id)
        return changed

    def _check_not_worse(self, assistant: Assistant, run: EvaluationRun) -> None:
        if _same(run.prompt, assistant.prompt):
            return
        present = next((one for one in self._others(run) if _same(one.prompt, assistant.prompt)), None)
        if present is None:
            sentence = "The present prompt was not asked the questions; run them without a prompt first."
            raise ConflictError(sentence, code="no_baseline")
        before, now = self._book.verdicts(present.id), self._book.verdicts(run.id)
        worse = sum(change_of(verdict, before.get(case)) is CaseChange.WORSE for case, verdict in now.items())
        if worse:
            sentence = f"{worse} of the answers that were right with the present prompt are not any more."
            raise ConflictError(sentence, code="became_worse")

    def _others(self, run: EvaluationRun) -> Iterator[EvaluationRun]:
        """The assistant's other runs that came to their end, newest first."""
        found = self._book.runs.done(run.assistant_id, None, MOST_RUNS)
        return (one for one in found if one.id != run.id)


def _check_publishable(run: EvaluationRun) -> None:
    if run.state is not RunState.DONE:
        raise ConflictError("The run has not come to its end.", code="run_not_done")
    if run.candidate.prompt is None:
        raise ConflictError("The run tried no prompt of its own.", code="no_prompt")


def _same(prompt: str | None, other: str | None) -> bool:
    """Whether two prompts differ in white space at most, as a text and what was read of its document may."""
    return (prompt or "").split() == (other or "").split()
