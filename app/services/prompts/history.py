"""Writes down every change of an assistant's prompt."""

from app.domain.assistants import Assistant
from app.domain.callers import Caller
from app.domain.documents import Document
from app.domain.ids import new_id
from app.domain.prompts import MOST_VERSIONS, Author, Authorship, PromptVersion
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.prompts import PromptVersions


class PromptHistory:
    """Keeps the versions of prompts, however they were put in place."""

    def __init__(self, versions: PromptVersions, assistants: Assistants, clock: Clock) -> None:
        self._versions = versions
        self._assistants = assistants
        self._clock = clock

    def use(self, document: Document, text: str) -> None:
        """A prompt's document was read: its text is the version that holds from now on; may be repeated."""
        assistant = self._assistants.by_id(document.assistant_id)
        if assistant is None:
            return
        self.latest(assistant)
        self._put(PromptVersion(document.revision, assistant.id, self._clock(), text, document.authorship))
        self._assistants.set_prompt(assistant.id, text)

    def removed(self, assistant: Assistant, authorship: Authorship) -> PromptVersion:
        """There is no prompt any more; the version that says so."""
        latest = self.latest(assistant)
        if latest is not None and latest.text is None:
            return latest
        after = latest.id if latest else None
        version = PromptVersion(new_id(after=after), assistant.id, self._clock(), None, authorship)
        self._put(version)
        return version

    def latest(self, assistant: Assistant) -> PromptVersion | None:
        """The version that holds; None: there never was a prompt.

        A prompt from before versions were kept is stored as the first one.
        """
        newest = next(iter(self._versions.page(assistant.id, None, 1)), None)
        if newest is not None or assistant.prompt is None:
            return newest
        # Its own id is older than that of any revision.
        first = PromptVersion(assistant.id, assistant.id, assistant.created_at, assistant.prompt)
        self._versions.put(first)
        return first

    def _put(self, version: PromptVersion) -> None:
        self._versions.put(version)
        self._versions.keep_newest(version.assistant_id, MOST_VERSIONS)


def author_of(caller: Caller) -> Author:
    """A caller as an author."""
    return Author(caller.id, caller.name)
