"""News of what an assistant knows, for every process."""

import logging

from app.services.ports.accounts import Assistants
from app.services.ports.knowledge import Knowledge

_log = logging.getLogger(__name__)


class Announcements:
    """Each change is another version of the assistant's knowledge; with the next message every process sees it."""

    def __init__(self, assistants: Assistants, knowledge: Knowledge) -> None:
        self._assistants = assistants
        self._knowledge = knowledge

    def knowledge_changed(self, assistant_id: str) -> None:
        """What can be found has changed."""
        self._assistants.knowledge_changed(assistant_id)

    def prompt_changed(self, assistant_id: str, prompt: str | None) -> None:
        """What the prompt document says has changed (None: there is none)."""
        self._assistants.set_prompt(assistant_id, prompt)

    def show(self, assistant_id: str) -> None:
        """Bring this process's index up to date now, so that the next question need not."""
        assistant = self._assistants.by_id(assistant_id)
        if assistant is None:
            return
        try:
            self._knowledge.refresh(assistant.id, assistant.knowledge_version)
        except Exception:
            _log.exception("The next question has to bring the index of assistant %s up to date", assistant_id)
