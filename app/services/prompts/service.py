"""What people do with an assistant's prompt and its versions."""

from dataclasses import dataclass, replace
from difflib import unified_diff

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.documents import Document
from app.domain.errors import InvalidError, NotFoundError
from app.domain.ids import is_id
from app.domain.permissions import Action
from app.domain.prompts import Authorship, PromptVersion
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.ports.prompts import PromptVersions
from app.services.prompts.history import PromptHistory, author_of
from app.services.prompts.writer import ChangedPrompt, PromptWriter


@dataclass(frozen=True, slots=True)
class PresentPrompt:
    """What an assistant is told now, the version that says so, and the document it is in."""

    assistant: Assistant
    version: PromptVersion | None
    document: Document | None


@dataclass(frozen=True, slots=True)
class PromptDifference:
    """The unified difference between two versions, with how many lines came and went."""

    before: PromptVersion | None
    after: PromptVersion
    text: str
    added: int
    removed: int


class PromptService:
    """Shows and changes prompts for those who may; raises `NotFoundError`, `ForbiddenError`."""

    def __init__(
        self,
        access: Access,
        versions: PromptVersions,
        history: PromptHistory,
        writer: PromptWriter,
        audit: AuditLog,
    ) -> None:
        self._access = access
        self._versions = versions
        self._history = history
        self._writer = writer
        self._audit = audit

    def present(self, caller: Caller, assistant_id: str) -> PresentPrompt:
        """What an assistant is told now."""
        assistant = self._access.assistant(caller, assistant_id, Action.READ_DOCUMENTS)
        return PresentPrompt(assistant, self._history.latest(assistant), self._writer.document(assistant))

    def page(self, caller: Caller, assistant_id: str, before: str | None, limit: int) -> list[PromptVersion]:
        """An assistant's versions, newest first."""
        assistant = self._access.assistant(caller, assistant_id, Action.READ_DOCUMENTS)
        self._history.latest(assistant)
        return self._versions.page(assistant.id, before, limit)

    def version(self, caller: Caller, version_id: str, action: Action = Action.READ_DOCUMENTS) -> PromptVersion:
        """One version, for a caller who may do this with its assistant."""
        return self._found(caller, version_id, action)[1]

    def is_present(self, version: PromptVersion) -> bool:
        """Whether it is its assistant's newest."""
        return [one.id for one in self._versions.page(version.assistant_id, None, 1)] == [version.id]

    def difference(self, caller: Caller, version_id: str, against: str | None) -> PromptDifference:
        """What a version changed, against another one of the same assistant or (None) the one before it."""
        version = self.version(caller, version_id)
        if against is None:
            before = next(iter(self._versions.page(version.assistant_id, version.id, 1)), None)
        else:
            before = self._versions.by_id(against) if is_id(against) else None
            if before is None or before.assistant_id != version.assistant_id:
                problem = {"against": ["There is no such version of this assistant."]}
                raise InvalidError("The versions cannot be compared.", problem)
        return _difference(before, version)

    def change(
        self, caller: Caller, assistant_id: str, text: str | None, note: str, if_version: str | None
    ) -> ChangedPrompt:
        """Make `text` the prompt; see `PromptWriter.write`."""
        assistant = self._access.assistant(caller, assistant_id, Action.CONFIGURE)
        return self._write(caller, assistant, text, Authorship(author_of(caller), note), if_version)

    def restore(self, caller: Caller, version_id: str, note: str) -> ChangedPrompt:
        """Make the text of an old version the prompt again."""
        assistant, version = self._found(caller, version_id, Action.CONFIGURE)
        authorship = Authorship(author_of(caller), note, restored_from=version.id)
        return self._write(caller, assistant, version.text, authorship, None)

    def annotate(self, caller: Caller, version_id: str, note: str) -> PromptVersion:
        """Change the note of a version."""
        _, version = self._found(caller, version_id, Action.CONFIGURE)
        self._versions.set_note(version.id, note)
        return replace(version, authorship=replace(version.authorship, note=note))

    def publish(self, caller: Caller, assistant: Assistant, text: str, authorship: Authorship) -> ChangedPrompt:
        """Make a text the prompt that was tried in an evaluation, by a caller who may."""
        return self._write(caller, assistant, text, authorship, None)

    def _found(self, caller: Caller, version_id: str, action: Action) -> tuple[Assistant, PromptVersion]:
        version = self._versions.by_id(version_id) if is_id(version_id) else None
        if version is None:
            raise NotFoundError("version")
        return self._access.assistant(caller, version.assistant_id, action, "version"), version

    def _write(
        self,
        caller: Caller,
        assistant: Assistant,
        text: str | None,
        authorship: Authorship,
        if_version: str | None,
    ) -> ChangedPrompt:
        target, place, latest = Target("prompt"), Place.of(assistant), self._history.latest(assistant)
        before = {"version_id": latest.id if latest else None}
        with self._audit.change(caller, AuditAction.PROMPT_UPDATE, target, place, before=before) as change:
            changed = self._writer.write(assistant, text, authorship, if_version)
            change.target, change.after = replace(target, id=changed.version.id), {"version_id": changed.version.id}
        return changed


def _difference(before: PromptVersion | None, after: PromptVersion) -> PromptDifference:
    old, new = (((one.text if one else None) or "").splitlines() for one in (before, after))
    names = (before.id if before else "", after.id)
    lines = list(unified_diff(old, new, *names, lineterm=""))
    changes = lines[2:]
    return PromptDifference(
        before,
        after,
        "\n".join(lines),
        sum(line.startswith("+") for line in changes),
        sum(line.startswith("-") for line in changes),
    )
