"""What follows when an assistant is deleted; each step can be repeated."""

from collections.abc import Sequence

from app.services.ports import Clock
from app.services.ports.accounts import AssistantRows, Assistants
from app.services.ports.documents import DocumentFiles
from app.services.ports.knowledge import Knowledge
from app.services.retention import TOMBSTONE_RETENTION


class AssistantCleanup:
    """Removes rows, files and indexes that belong to a deleted assistant."""

    def __init__(
        self,
        assistants: Assistants,
        rows: Sequence[AssistantRows],
        files: DocumentFiles,
        knowledge: Knowledge,
        clock: Clock,
    ) -> None:
        self._assistants = assistants
        self._rows = rows
        self._files = files
        self._knowledge = knowledge
        self._clock = clock

    def remove(self, assistant_id: str) -> None:
        """Remove all that a deleted assistant had; its tombstone stays for the sweep."""
        with self._files.exclusive(assistant_id):  # in which no upload is being put in its place
            self._files.delete_assistant(assistant_id)
        self._knowledge.forget(assistant_id)
        for rows in self._rows:
            rows.delete_of_assistant(assistant_id)

    def sweep(self) -> None:
        """Finish what a crash cut off, and what requests wrote that had begun before the deletion."""
        settled_before = self._clock() - TOMBSTONE_RETENTION
        for assistant_id, deleted_at in self._assistants.being_deleted():
            self.remove(assistant_id)
            if deleted_at < settled_before:
                self._assistants.remove(assistant_id)
