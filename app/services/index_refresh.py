"""Brings this process's indexes up to date after changes, so that the next question need not."""

import logging
import threading

from app.services.ports.accounts import Assistants
from app.services.ports.knowledge import Knowledge

_PAUSE_SECONDS = 1.0
_STOP_SECONDS = 5.0

_log = logging.getLogger(__name__)


class IndexRefresher:
    """Refreshes an index at once, then once for all changes of each `pause_seconds`, in a thread of its own.

    Nothing depends on it: a question brings the index up to date itself where that has not happened yet.
    """

    def __init__(
        self, assistants: Assistants, knowledge: Knowledge, *, pause_seconds: float = _PAUSE_SECONDS
    ) -> None:
        self._assistants = assistants
        self._knowledge = knowledge
        self._pause_seconds = pause_seconds
        self._changed = threading.Condition()
        self._requested: dict[str, None] = {}
        self._thread: threading.Thread | None = None
        self._stopping = False

    def request(self, assistant_id: str) -> None:
        """Have an assistant's index refreshed soon; returns at once."""
        with self._changed:
            self._requested[assistant_id] = None
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._work, name="index-refresh", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Take no more requests, and wait for the refresh that is under way."""
        with self._changed:
            self._stopping, thread = True, self._thread
            self._changed.notify_all()
        if thread is not None:
            thread.join(_STOP_SECONDS)

    def _work(self) -> None:
        while requested := self._next():
            for assistant_id in requested:
                self._refresh(assistant_id)
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, self._pause_seconds)

    def _next(self) -> list[str]:
        """What was requested meanwhile; nothing, which ends the thread, if nothing was."""
        with self._changed:
            requested = [] if self._stopping else list(self._requested)
            self._requested.clear()
            if not requested:
                self._thread = None
            return requested

    def _refresh(self, assistant_id: str) -> None:
        try:
            assistant = self._assistants.by_id(assistant_id)
            if assistant is not None:
                self._knowledge.refresh(assistant.id, assistant.knowledge_version)
        except Exception:
            _log.exception("The next question has to bring the index of assistant %s up to date", assistant_id)
