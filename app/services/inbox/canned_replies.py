"""Canned replies of an assistant's operators."""

from dataclasses import replace

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.canned_replies import MOST_REPLIES, CannedReply
from app.domain.errors import ConflictError, NotFoundError
from app.domain.ids import is_id, new_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.ports import Clock
from app.services.ports.inbox import CannedReplyRows


class CannedReplyService:
    """Texts that operators write often, by shortcut."""

    def __init__(self, access: Access, replies: CannedReplyRows, clock: Clock, audit: AuditLog) -> None:
        self._access = access
        self._replies = replies
        self._clock = clock
        self._audit = audit

    def all(self, caller: Caller, assistant_id: str) -> list[CannedReply]:
        """The canned replies of an assistant, by shortcut; raises `NotFoundError`, `ForbiddenError`."""
        return self._replies.of_assistant(self._access.assistant(caller, assistant_id, Action.READ).id)

    def add(self, caller: Caller, assistant_id: str, shortcut: str, text: str) -> CannedReply:
        """A new one.

        Raises `NotFoundError`, `ForbiddenError`, `ConflictError` (`shortcut_taken`, `too_many_replies`).
        """
        assistant = self._access.assistant(caller, assistant_id, Action.OPERATE)
        if len(self._replies.of_assistant(assistant.id)) >= MOST_REPLIES:
            sentence = f"An assistant has {MOST_REPLIES} canned replies at most; delete one first."
            raise ConflictError(sentence, code="too_many_replies")
        reply = CannedReply(new_id(), assistant.id, shortcut, text, self._clock())
        after = {"shortcut": shortcut, "text": text}
        with self._audit.change(caller, AuditAction.REPLY_ADD, _target(reply), Place.of(assistant), after=after):
            if not self._replies.add(reply):
                raise _taken()
        return reply

    def change(
        self, caller: Caller, assistant_id: str, reply_id: str, shortcut: str | None, text: str | None
    ) -> CannedReply:
        """Give one another shortcut or text; raises what `add` raises."""
        assistant, reply = self._find(caller, assistant_id, reply_id)
        changed = replace(reply, shortcut=shortcut or reply.shortcut, text=text or reply.text)
        before, after = ({"shortcut": one.shortcut, "text": one.text} for one in (reply, changed))
        place = Place.of(assistant)
        with self._audit.change(
            caller, AuditAction.REPLY_UPDATE, _target(reply), place, before=before, after=after
        ):
            if not self._replies.change(changed):
                raise _taken()
        return changed

    def delete(self, caller: Caller, assistant_id: str, reply_id: str) -> None:
        """Delete one; raises `NotFoundError`, `ForbiddenError`."""
        assistant, reply = self._find(caller, assistant_id, reply_id)
        with self._audit.change(caller, AuditAction.REPLY_DELETE, _target(reply), Place.of(assistant)):
            if not self._replies.delete(reply.id):
                raise NotFoundError("canned reply")

    def _find(self, caller: Caller, assistant_id: str, reply_id: str) -> tuple[Assistant, CannedReply]:
        assistant = self._access.assistant(caller, assistant_id, Action.OPERATE)
        reply = self._replies.by_id(reply_id) if is_id(reply_id) else None
        if reply is None or reply.assistant_id != assistant.id:
            raise NotFoundError("canned reply")
        return assistant, reply


def _target(reply: CannedReply) -> Target:
    return Target("canned_reply", reply.id, reply.shortcut)


def _taken() -> ConflictError:
    return ConflictError("This assistant has a canned reply with this shortcut.", code="shortcut_taken")
