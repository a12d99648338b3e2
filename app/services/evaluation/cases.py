"""The question set of an assistant."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.errors import ConflictError, InvalidError, NotFoundError
from app.domain.evaluations import MOST_CASES, CaseSource, EvaluationCase
from app.domain.ids import is_id, new_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.evaluation.matching import KnownQuestion, words_of
from app.services.ports import Clock
from app.services.ports.evaluations import EvaluationCases

_LONGEST = {"question": 1000, "expected": 4000}
_MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class CaseFields:
    """What somebody says of a case; None: as it is."""

    question: str | None = None
    expected: str | None = None
    files: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """How many cases an import added, changed, found as they were, and deleted."""

    added: int
    changed: int
    unchanged: int
    deleted: int


class CaseBook:
    """Keeps question sets, for whoever was found to be allowed to."""

    def __init__(self, cases: EvaluationCases, clock: Clock) -> None:
        self._cases = cases
        self._clock = clock

    def set(
        self, assistant_id: str, question: str, expected: str, files: Sequence[str], source: CaseSource
    ) -> tuple[EvaluationCase, EvaluationCase | None]:
        """Make a case, or change the one of this question; the case, and what it was before.

        Raises `ConflictError` `too_many_cases`.
        """
        before = self._cases.with_key(assistant_id, key_of(question))
        if before is not None:
            said = (question, expected, tuple(files))
            if (before.question, before.expected, before.files) == said:
                return before, before
            return self.change(before, CaseFields(*said)), before
        if self._cases.count(assistant_id) >= MOST_CASES:
            raise too_many_cases()
        now = self._clock()
        key, said_files = key_of(question), tuple(files)
        case = EvaluationCase(new_id(), assistant_id, key, question, expected, said_files, now, now, source)
        if not self._cases.put(case):  # somebody else was quicker
            return self.set(assistant_id, question, expected, files, source)
        return case, None

    def change(self, case: EvaluationCase, fields: CaseFields) -> EvaluationCase:
        """Change a case; raises `InvalidError` if it would expect nothing, `ConflictError` `case_exists`."""
        question = case.question if fields.question is None else fields.question
        changed = replace(
            case,
            question=question,
            key=key_of(question),
            expected=case.expected if fields.expected is None else fields.expected,
            files=case.files if fields.files is None else tuple(fields.files),
            updated_at=self._clock(),
        )
        check_expects(changed.expected, changed.files)
        if not self._cases.put(changed):
            raise case_exists()
        return changed

    def put_all(self, assistant_id: str, known: Sequence[KnownQuestion], *, replace_all: bool) -> Imported:
        """Make or change a case for each question, and delete all others if `replace_all`.

        Raises `InvalidError` for what is too long, `ConflictError` `too_many_cases`; nothing is changed then.
        """
        wanted = {key_of(one.question): one for one in known}
        there = {case.key: case for case in self._cases.of_assistant(assistant_id)}
        _check_lengths(wanted.values())
        if len(wanted) + (0 if replace_all else len(there.keys() - wanted.keys())) > MOST_CASES:
            raise too_many_cases()
        gone = [case for key, case in there.items() if replace_all and key not in wanted]
        for case in gone:
            self._cases.delete(case.id)
        added = changed = 0
        for one in wanted.values():
            case, before = self.set(assistant_id, one.question, one.text, one.files, CaseSource.FILE)
            added += before is None
            changed += before is not None and before != case
        return Imported(added, changed, len(wanted) - added - changed, len(gone))


class CaseService:
    """Lets those who may keep an assistant's question set; raises `NotFoundError`, `ForbiddenError`."""

    def __init__(self, access: Access, cases: EvaluationCases, book: CaseBook, audit: AuditLog) -> None:
        self._access = access
        self._cases = cases
        self._book = book
        self._audit = audit

    def page(self, caller: Caller, assistant_id: str, before: str | None, limit: int) -> list[EvaluationCase]:
        """The cases, newest first."""
        assistant = self._access.assistant(caller, assistant_id, Action.EVALUATE)
        return self._cases.page(assistant.id, before, limit)

    def all(self, caller: Caller, assistant_id: str) -> Sequence[EvaluationCase]:
        """All cases, oldest first."""
        return self._cases.of_assistant(self._access.assistant(caller, assistant_id, Action.EVALUATE).id)

    def add(
        self, caller: Caller, assistant_id: str, question: str, expected: str, files: Sequence[str]
    ) -> EvaluationCase:
        """A new case; raises `ConflictError` `case_exists`, `too_many_cases`, and `InvalidError`."""
        assistant = self._access.assistant(caller, assistant_id, Action.EVALUATE)
        check_expects(expected, files)
        if self._cases.with_key(assistant.id, key_of(question)) is not None:
            raise case_exists()
        target = Target("evaluation_case")
        with self._audit.change(caller, AuditAction.CASE_ADD, target, Place.of(assistant)) as change:
            case, _ = self._book.set(assistant.id, question, expected, files, CaseSource.PERSON)
            change.target = replace(target, id=case.id)
        return case

    def change(self, caller: Caller, case_id: str, fields: CaseFields) -> EvaluationCase:
        """Change a case; raises as `CaseBook.change` does."""
        assistant, case = self._found(caller, case_id)
        target = Target("evaluation_case", case.id)
        with self._audit.change(caller, AuditAction.CASE_UPDATE, target, Place.of(assistant)):
            return self._book.change(case, fields)

    def delete(self, caller: Caller, case_id: str) -> None:
        """Delete a case."""
        assistant, case = self._found(caller, case_id)
        target = Target("evaluation_case", case.id)
        with self._audit.change(caller, AuditAction.CASE_DELETE, target, Place.of(assistant)):
            if not self._cases.delete(case.id):
                raise NotFoundError("case")

    def put_all(
        self, caller: Caller, assistant_id: str, read: Callable[[], Sequence[KnownQuestion]], *, replace_all: bool
    ) -> Imported:
        """Take the questions that `read` returns; raises what that and `CaseBook.put_all` raise."""
        assistant = self._access.assistant(caller, assistant_id, Action.EVALUATE)
        known = read()
        target = Target("evaluation_cases", assistant.id)
        with self._audit.change(caller, AuditAction.CASES_IMPORT, target, Place.of(assistant)) as change:
            imported = self._book.put_all(assistant.id, known, replace_all=replace_all)
            change.after = {"added": imported.added, "changed": imported.changed, "deleted": imported.deleted}
        return imported

    def _found(self, caller: Caller, case_id: str) -> tuple[Assistant, EvaluationCase]:
        case = self._cases.by_id(case_id) if is_id(case_id) else None
        if case is None:
            raise NotFoundError("case")
        return self._access.assistant(caller, case.assistant_id, Action.EVALUATE, "case"), case


def key_of(question: str) -> str:
    """The same for questions that differ in case, accents and punctuation alone."""
    return words_of(question) or question


def case_exists() -> ConflictError:
    """There is a case of this question."""
    return ConflictError("There is a case with this question already.", code="case_exists")


def too_many_cases() -> ConflictError:
    """There are as many cases as may be."""
    return ConflictError(f"A question set has {MOST_CASES} cases at most.", code="too_many_cases")


def check_expects(expected: str, files: Sequence[str]) -> None:
    """Raise `InvalidError` for a case that expects nothing."""
    if not words_of(expected) and not files:
        problem = {"expected": ["Give the text that answers the question, or files."]}
        raise InvalidError("The case expects nothing.", problem)


def _check_lengths(known: Iterable[KnownQuestion]) -> None:
    for one in known:
        texts = {"question": one.question, "expected": one.text}
        long = [name for name, text in texts.items() if len(text) > _LONGEST[name]]
        if long or len(one.files) > _MOST_FILES:
            what = long[0] if long else "file"
            most = _LONGEST.get(what)
            said = f"{most:,} characters" if most else f"{_MOST_FILES} files"
            raise InvalidError(f"Line {one.line}: the {what} has more than {said}.", code="questions_unusable")
