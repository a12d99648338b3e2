"""Puts questions that were not answered into groups of similar ones."""

import logging
import threading
from dataclasses import replace

from app.domain.errors import ModelError
from app.domain.ids import derived_id
from app.domain.unanswered import MOST_EXAMPLES, MOST_GROUPS, GroupState, UnansweredGroup, UnansweredQuestion
from app.services.ports.unanswered import UnansweredRows, Vectors

_log = logging.getLogger(__name__)

_AT_ONCE = 50
_MOST_ROUNDS = 20
_ATTEMPTS = 5
_LONGEST_QUESTION = 1000


class UnansweredGrouping:
    """Groups questions a while after they were asked, so that no customer waits for it."""

    def __init__(self, rows: UnansweredRows, vectors: Vectors) -> None:
        self._rows = rows
        self._vectors = vectors
        self._lock = threading.Lock()

    def sweep(self) -> None:
        """Group what is in no group yet, up to 1,000 questions."""
        for _ in range(_MOST_ROUNDS):
            if self.group_some() < _AT_ONCE:
                return

    def group_some(self) -> int:
        """Group up to 50 questions; how many. Nothing while another thread does."""
        if not self._lock.acquire(blocking=False):
            return 0
        try:
            waiting = self._rows.ungrouped(_AT_ONCE)
            for question in waiting:
                self._place(replace(question, question=question.question[:_LONGEST_QUESTION]))
            return len(waiting)
        except ModelError as error:
            _log.warning("Unanswered questions wait for their embeddings: %s", error.message)
            return 0
        finally:
            self._lock.release()

    def _place(self, asked: UnansweredQuestion) -> None:
        """Put a question into its group, then say so; where a crash comes between, it is put there once."""
        vector = self._vectors.embed(asked.question)
        for _ in range(_ATTEMPTS):
            groups = self._rows.page(asked.assistant_id, GroupState.OPEN, None, MOST_GROUPS)
            fitting = [group for group in groups if group.model == self._vectors.model]
            closest = self._vectors.closest(vector, [group.vector for group in fitting])
            if closest is None:
                self._rows.add(self._new(asked, vector))
                self._rows.keep_newest(asked.assistant_id, MOST_GROUPS)
                break
            group = fitting[closest]
            if any(one.chat_id == asked.chat_id for one in group.examples):
                break
            if self._rows.replace(_with(group, asked), group.count):
                break
        self._rows.grouped(asked.chat_id)

    def _new(self, asked: UnansweredQuestion, vector: bytes) -> UnansweredGroup:
        return UnansweredGroup(
            id=derived_id("unanswered", asked.chat_id),
            assistant_id=asked.assistant_id,
            model=self._vectors.model,
            vector=vector,
            origin=asked.conversation_id,
            count=1,
            examples=(asked,),
            first_at=asked.at,
            last_at=asked.at,
            last_chat_id=asked.chat_id,
        )


def _with(group: UnansweredGroup, asked: UnansweredQuestion) -> UnansweredGroup:
    """A group with one more question."""
    examples = sorted((*group.examples, asked), key=lambda one: one.chat_id, reverse=True)[:MOST_EXAMPLES]
    return replace(
        group,
        count=group.count + 1,
        examples=tuple(examples),
        first_at=min(group.first_at, asked.at),
        last_at=max(group.last_at, asked.at),
        last_chat_id=max(group.last_chat_id, asked.chat_id),
    )
